package io.millrace.coordinator.log;

import io.millrace.coordinator.slots.SlotFileStoreConfigurationBuilder;
import io.millrace.coordinator.slots.SlotLog;
import io.millrace.coordinator.slots.SlotLogOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.infinispan.AdvancedCache;
import org.infinispan.CacheStream;
import org.infinispan.commons.CacheException;
import org.infinispan.commons.util.IntSets;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.container.entries.CacheEntry;
import org.infinispan.context.Flag;
import org.infinispan.distribution.ch.KeyPartitioner;
import org.infinispan.manager.DefaultCacheManager;

/// A [GroupStore] in embedded Infinispan: LOCAL caches, each kept in a table of one [SlotLog], which forces a write
/// before it is answered.
///
/// Writes that are under way side by side share one force, so they are cheap. Next to no entry is kept in memory: what
/// is written is read again only by a fold or a take-over.
///
/// Threads: safe for all; futures complete on Infinispan's threads.
/// Ownership: the log belongs to who opened it.
final class InfinispanGroupStore implements GroupStore {

    private static final char SHARD_END = '/';

    /// No other name begins with it.
    private static final char HASH_START = '#';

    /// Of a table; each may have the size of the largest value.
    private static final int ENTRIES_IN_MEMORY_MAX = 8;

    private final SlotLog slots;
    private final Duration stepTimeout;
    private final DefaultCacheManager manager;
    private final Map<Table, AdvancedCache<String, byte[]>> caches = new EnumMap<>(Table.class);

    private InfinispanGroupStore(SlotLog slots, Duration stepTimeout, DefaultCacheManager manager) {
        this.slots = slots;
        this.stepTimeout = stepTimeout;
        this.manager = manager;
    }

    /// Opens or creates the store in a log.
    ///
    /// @param shards fixed when the store is created; another number is refused later
    /// @param stepTimeout of one step of opening
    static InfinispanGroupStore open(SlotLog slots, int shards, Duration stepTimeout) throws GroupStoreException {
        InfinispanGroupStore store =
                new InfinispanGroupStore(slots, stepTimeout, new DefaultCacheManager(global(), true));
        try {
            store.openCache(Table.SHARDS, shards);
            store.checkShards(shards);
            store.openCache(Table.BATCHES, shards);
            store.openCache(Table.ENTRIES, shards);
            return store;
        } catch (CacheException e) {
            store.close();
            throw new GroupStoreException("The store in " + slots.location() + " cannot be opened", e);
        } catch (GroupStoreException e) {
            store.close();
            throw e;
        }
    }

    private static GlobalConfiguration global() {
        GlobalConfigurationBuilder global = new GlobalConfigurationBuilder().nonClusteredDefault();
        global.globalState().disable();
        global.jmx().disable();
        global.metrics().gauges(false).histograms(false);
        global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
        return global.build();
    }

    private void openCache(Table table, int shards) {
        String name = table.cacheName();
        manager.defineConfiguration(name, configuration(table, shards));
        caches.put(table, manager.<String, byte[]>getCache(name).getAdvancedCache());
    }

    private Configuration configuration(Table table, int shards) {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        // The table that tells the number of shards cannot depend on it.
        boolean isByShard = table != Table.SHARDS;
        cache.clustering().cacheMode(CacheMode.LOCAL);
        if (isByShard) {
            cache.clustering().hash().numSegments(shards).keyPartitioner(new ByShard());
            // The states of shards are few and stay in memory: a read that had to go to the file could put back an
            // older one than a fold wrote meanwhile, and a take-over would believe it.
            cache.memory().maxCount(ENTRIES_IN_MEMORY_MAX);
        }
        cache.statistics().disable();
        cache.persistence()
                .addStore(SlotFileStoreConfigurationBuilder.class)
                .log(slots, table.number())
                .segmented(isByShard)
                .preload(false)
                .purgeOnStartup(false);
        return cache.build();
    }

    private void checkShards(int shards) throws GroupStoreException {
        Slot slot = Slot.identity();
        Optional<byte[]> stored = await(get(slot), "reading " + slot);
        if (stored.isEmpty()) {
            putIdentity(stored, new StoreIdentity(shards, Optional.empty()));
            return;
        }
        int created = StoreIdentity.decode(stored.get(), slot).shards();
        if (created != shards) {
            throw new GroupStoreException("The store in " + slots.location() + " was created with " + created
                    + " shards, which is fixed for its life; the configuration says " + shards + ".");
        }
    }

    /// Binds the store to a cluster, once and for ever.
    void bindTo(String clusterId) throws GroupStoreException {
        Slot slot = Slot.identity();
        Optional<byte[]> stored = await(get(slot), "reading " + slot);
        StoreIdentity identity =
                StoreIdentity.decode(stored.orElseThrow(() -> new GroupStoreException("no identity")), slot);
        Optional<String> bound = identity.clusterId();
        if (bound.isEmpty()) {
            putIdentity(stored, new StoreIdentity(identity.shards(), Optional.of(clusterId)));
        } else if (!bound.get().equals(clusterId)) {
            throw new GroupStoreException("The store in " + slots.location() + " belongs to cluster " + bound.get()
                    + ", but wal-store serves cluster " + clusterId + ".");
        }
    }

    private void putIdentity(Optional<byte[]> expected, StoreIdentity identity) throws GroupStoreException {
        Slot slot = Slot.identity();
        if (!await(compareAndPut(slot, expected, identity.encode()), "writing " + slot)) {
            throw new GroupStoreException("somebody else has changed " + slot);
        }
    }

    private <T> T await(CompletableFuture<T> step, String what) throws GroupStoreException {
        return GroupStoreException.await(step, stepTimeout, what);
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(Slot slot, byte[] value) {
        return cache(slot.table()).putIfAbsentAsync(key(slot), value).thenApply(former -> former == null);
    }

    @Override
    public CompletableFuture<Void> put(Slot slot, byte[] value) {
        // What was there before would be read from the file, for nobody.
        return cache(slot.table())
                .withFlags(Flag.IGNORE_RETURN_VALUES)
                .putAsync(key(slot), value)
                .thenRun(() -> {});
    }

    @Override
    public CompletableFuture<Void> remove(Slot slot) {
        // Without reading what is there, Infinispan takes what is not in memory for gone, and leaves it in the file.
        return cache(slot.table()).removeAsync(key(slot)).thenRun(() -> {});
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(Slot slot) {
        return cache(slot.table()).getAsync(key(slot)).thenApply(Optional::ofNullable);
    }

    @Override
    public CompletableFuture<Boolean> compareAndPut(Slot slot, Optional<byte[]> expected, byte[] value) {
        return expected.isEmpty()
                ? putIfAbsent(slot, value)
                : cache(slot.table()).replaceAsync(key(slot), expected.get(), value);
    }

    @Override
    public Map<String, byte[]> scan(Table table, int shard) throws GroupStoreException {
        Map<String, byte[]> found = new HashMap<>();
        String prefix = prefix(shard);
        try (CacheStream<CacheEntry<String, byte[]>> entries =
                cache(table).cacheEntrySet().stream().filterKeySegments(IntSets.immutableSet(shard))) {
            entries.iterator()
                    .forEachRemaining(entry -> found.put(entry.getKey().substring(prefix.length()), entry.getValue()));
        } catch (CacheException e) {
            throw new GroupStoreException("reading shard " + shard + " of " + table, e);
        }
        return found;
    }

    private AdvancedCache<String, byte[]> cache(Table table) {
        AdvancedCache<String, byte[]> cache = caches.get(table);
        if (cache == null) {
            throw new IllegalStateException("cache of " + table + " is not open");
        }
        return cache;
    }

    /// Record keys may be longer than the longest name of the files; those are known by a hash. That does: an
    /// entry is looked up by what it was put under, and it says its record key itself. Nobody can make two
    /// keys with one hash.
    ///
    /// The bound never changes, or an entry would have two names. All characters are ASCII.
    private static String key(Slot slot) {
        String key = prefix(slot.shard()) + slot.name();
        return key.length() <= SlotLogOptions.NAME_BYTES_MAX
                ? key
                : prefix(slot.shard()) + HASH_START + sha256(slot.name());
    }

    private static String sha256(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String prefix(int shard) {
        return Integer.toString(shard) + SHARD_END;
    }

    @Override
    public boolean isFull() {
        return slots.isFull();
    }

    @Override
    public int valueBytesMax() {
        return slots.options().valueBytesMax();
    }

    @Override
    public void close() {
        manager.stop();
    }

    /// One segment per shard, so that a shard's entries are read without touching the others'.
    ///
    /// Public because Infinispan makes instances by reflection.
    public static final class ByShard implements KeyPartitioner {

        @Override
        public int getSegment(Object key) {
            String name = (String) key;
            return Integer.parseInt(name, 0, name.indexOf(SHARD_END), 10);
        }
    }
}
