package io.millrace.coordinator.log;

final class MemoryGroupLogTest extends GroupLogContract {

    @Override
    GroupLogRig rig() {
        return new MemoryRig();
    }
}
