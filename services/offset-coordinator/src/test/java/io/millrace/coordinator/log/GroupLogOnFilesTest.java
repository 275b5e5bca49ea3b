package io.millrace.coordinator.log;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract with Infinispan and real files.
final class GroupLogOnFilesTest extends GroupLogContract {

    @TempDir
    Path directory;

    @Override
    GroupLogRig rig() throws GroupStoreException {
        return new FilesRig(directory);
    }
}
