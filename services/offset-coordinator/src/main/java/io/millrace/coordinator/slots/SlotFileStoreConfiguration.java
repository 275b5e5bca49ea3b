package io.millrace.coordinator.slots;

import org.infinispan.commons.configuration.BuiltBy;
import org.infinispan.commons.configuration.ConfigurationFor;
import org.infinispan.commons.configuration.attributes.AttributeDefinition;
import org.infinispan.commons.configuration.attributes.AttributeSet;
import org.infinispan.configuration.cache.AbstractStoreConfiguration;
import org.infinispan.configuration.cache.AsyncStoreConfiguration;
import org.infinispan.configuration.parsing.Element;

/// Which log, and which of its tables, a cache is kept in.
@BuiltBy(SlotFileStoreConfigurationBuilder.class)
@ConfigurationFor(SlotFileStore.class)
public final class SlotFileStoreConfiguration extends AbstractStoreConfiguration<SlotFileStoreConfiguration> {

    static final AttributeDefinition<SlotLog> LOG =
            AttributeDefinition.builder("log", null, SlotLog.class).immutable().build();
    static final AttributeDefinition<Integer> TABLE =
            AttributeDefinition.builder("table", 0).immutable().build();

    SlotFileStoreConfiguration(AttributeSet attributes, AsyncStoreConfiguration async) {
        super(Element.STORE, attributes, async);
    }

    /// For the builder.
    public static AttributeSet attributeDefinitionSet() {
        return new AttributeSet(
                SlotFileStoreConfiguration.class, AbstractStoreConfiguration.attributeDefinitionSet(), LOG, TABLE);
    }

    SlotLog log() {
        return attributes.attribute(LOG).get();
    }

    int table() {
        return attributes.attribute(TABLE).get();
    }
}
