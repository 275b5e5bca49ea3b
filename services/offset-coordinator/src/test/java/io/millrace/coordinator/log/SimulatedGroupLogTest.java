package io.millrace.coordinator.log;

/// The contract with a store in memory, whose puts complete in any order.
final class SimulatedGroupLogTest extends GroupLogContract {

    @Override
    GroupLogRig rig() {
        return new SimulatedRig();
    }
}
