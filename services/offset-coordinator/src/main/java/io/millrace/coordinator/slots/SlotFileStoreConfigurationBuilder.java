package io.millrace.coordinator.slots;

import org.infinispan.commons.configuration.Combine;
import org.infinispan.configuration.cache.AbstractStoreConfigurationBuilder;
import org.infinispan.configuration.cache.PersistenceConfigurationBuilder;

/// Configures a [SlotFileStore] for a cache.
public final class SlotFileStoreConfigurationBuilder
        extends AbstractStoreConfigurationBuilder<SlotFileStoreConfiguration, SlotFileStoreConfigurationBuilder> {

    /// Called by Infinispan.
    public SlotFileStoreConfigurationBuilder(PersistenceConfigurationBuilder builder) {
        super(builder, SlotFileStoreConfiguration.attributeDefinitionSet());
    }

    /// Which log.
    ///
    /// @param table of the log, its own for each cache
    public SlotFileStoreConfigurationBuilder log(SlotLog log, int table) {
        attributes.attribute(SlotFileStoreConfiguration.LOG).set(log);
        attributes.attribute(SlotFileStoreConfiguration.TABLE).set(table);
        return this;
    }

    @Override
    public SlotFileStoreConfiguration create() {
        return new SlotFileStoreConfiguration(attributes.protect(), async.create());
    }

    @Override
    public SlotFileStoreConfigurationBuilder read(SlotFileStoreConfiguration template, Combine combine) {
        super.read(template, combine);
        return this;
    }

    @Override
    public SlotFileStoreConfigurationBuilder self() {
        return this;
    }
}
