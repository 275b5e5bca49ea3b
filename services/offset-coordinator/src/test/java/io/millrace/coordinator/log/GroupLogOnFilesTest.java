package io.millrace.coordinator.log;

import static io.millrace.coordinator.log.LogUnderTest.contents;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract with Infinispan and real files.
final class GroupLogOnFilesTest extends GroupLogContract {

    @TempDir
    Path directory;

    @Override
    GroupLogRig rig() throws GroupStoreException {
        return new FilesRig(directory);
    }

    @Test
    void theLargestBatchIsFoldedAlsoIfItIsOneRecordWithTheLongestName() throws Exception {
        try (FilesRig rig = new FilesRig(directory.resolve("largest"))) {
            LogUnderTest log = rig.owner();
            ShardTenure tenure = log.takeOver().tenure();
            String key = "k".repeat(49_149);
            String value = "v".repeat(log.log().batchBytesMax() - key.length() - 1);
            log.appendDurably(tenure, key + "=" + value);
            log.appendDurably(tenure, "a=1");
            log.appendDurably(tenure, "b=1");

            log.await(heard -> heard.contains("folded 4"));

            assertThat(contents(rig.afterCrash().takeOver())).isEqualTo(Map.of(key, value, "a", "1", "b", "1"));
        }
    }

    @Test
    void recordsWhoseKeysAreTooLongForANameAreFoldedAndRemovedAsAllOthers() throws Exception {
        String one = "k".repeat(60_000) + "1";
        String two = "k".repeat(60_000) + "2";
        try (FilesRig rig = new FilesRig(directory.resolve("long-keys"))) {
            LogUnderTest log = rig.owner();
            ShardTenure tenure = log.takeOver().tenure();
            log.appendDurably(tenure, one + "=1");
            log.appendDurably(tenure, two + "=1");
            log.appendDurably(tenure, "a=1");
            log.await(heard -> heard.contains("folded 4"));

            LogUnderTest next = rig.afterCrash();
            LoadedShard loaded = next.takeOver();
            next.appendDurably(loaded.tenure(), one + "=");
            next.appendDurably(loaded.tenure(), two + "=2");
            next.appendDurably(loaded.tenure(), "a=2");
            next.await(heard -> heard.contains("folded 4"));

            assertThat(contents(loaded)).isEqualTo(Map.of(one, "1", two, "1", "a", "1"));
            assertThat(contents(rig.afterCrash().takeOver())).isEqualTo(Map.of(two, "2", "a", "2"));
        }
    }
}
