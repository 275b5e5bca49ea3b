package io.millrace.coordinator.slots;

/// What names one slot.
record SlotName(Area area, String name) {}
