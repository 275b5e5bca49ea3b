/// [Commits]: how many commits of offsets a second a product takes from many clients; `bench/commits` runs it.
@NullMarked
package io.millrace.bench.commits;

import org.jspecify.annotations.NullMarked;
