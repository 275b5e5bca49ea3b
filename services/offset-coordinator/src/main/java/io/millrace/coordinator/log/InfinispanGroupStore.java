package io.millrace.coordinator.log;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
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
import org.infinispan.distribution.ch.KeyPartitioner;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.persistence.sifs.configuration.SoftIndexFileStoreConfigurationBuilder;

/// A [GroupStore] in embedded Infinispan: LOCAL caches over soft-index files, forced before a write is answered.
///
/// Infinispan gathers the writes that wait into one force, so puts that are under way side by side are cheap.
/// Next to no entry is kept in memory: what is written is read again only by a fold or a take-over.
///
/// Threads: safe for all; futures complete on Infinispan's threads.
final class InfinispanGroupStore implements GroupStore {

    private static final char SHARD_END = '/';

    private static final int ENTRIES_IN_MEMORY_MAX = 64;
    private static final int FILE_BYTES_MAX = 16 * 1024 * 1024;

    private final GroupStoreDirectory directory;
    private final DefaultCacheManager manager;
    private final Map<Table, AdvancedCache<String, byte[]>> caches = new EnumMap<>(Table.class);

    /// Makes [#compareAndPut] atomic: all who change such a slot come through it.
    private final ReentrantLock compareLock = new ReentrantLock();

    private InfinispanGroupStore(GroupStoreDirectory directory, DefaultCacheManager manager) {
        this.directory = directory;
        this.manager = manager;
    }

    /// Opens or creates the store of a directory.
    ///
    /// @param shards fixed when the store is created; another number is refused later
    static InfinispanGroupStore open(Path path, int shards) throws GroupStoreException {
        GroupStoreDirectory directory = GroupStoreDirectory.take(path);
        InfinispanGroupStore store = new InfinispanGroupStore(directory, new DefaultCacheManager(global(), true));
        try {
            store.openCache(Table.SHARDS, shards);
            store.checkShards(shards);
            store.openCache(Table.BATCHES, shards);
            store.openCache(Table.ENTRIES, shards);
            return store;
        } catch (CacheException e) {
            throw store.closedAfter(new GroupStoreException("The store in " + path + " cannot be opened", e));
        } catch (GroupStoreException e) {
            throw store.closedAfter(e);
        }
    }

    private GroupStoreException closedAfter(GroupStoreException cause) {
        try {
            close();
        } catch (GroupStoreException e) {
            cause.addSuppressed(e);
        }
        return cause;
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
        manager.defineConfiguration(name, configuration(directory.path().resolve(name), table, shards));
        caches.put(table, manager.<String, byte[]>getCache(name).getAdvancedCache());
    }

    private static Configuration configuration(Path path, Table table, int shards) {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        // The table that tells the number of shards cannot depend on it.
        boolean isByShard = table != Table.SHARDS;
        cache.clustering().cacheMode(CacheMode.LOCAL);
        if (isByShard) {
            cache.clustering().hash().numSegments(shards).keyPartitioner(new ByShard());
        }
        cache.statistics().disable();
        cache.memory().maxCount(ENTRIES_IN_MEMORY_MAX);
        cache.persistence()
                .addStore(SoftIndexFileStoreConfigurationBuilder.class)
                .dataLocation(path.resolve("data").toString())
                .indexLocation(path.resolve("index").toString())
                .maxFileSize(FILE_BYTES_MAX)
                .syncWrites(true)
                .segmented(isByShard)
                .preload(false)
                .purgeOnStartup(false);
        return cache.build();
    }

    private void checkShards(int shards) throws GroupStoreException {
        Slot slot = Slot.identity();
        Optional<byte[]> stored = GroupStoreException.await(get(slot), "reading " + slot);
        if (stored.isEmpty()) {
            compareAndPut(slot, stored, new StoreIdentity(shards, Optional.empty()).encode());
            return;
        }
        int created = StoreIdentity.decode(stored.get(), slot).shards();
        if (created != shards) {
            throw new GroupStoreException("The store in " + directory.path() + " was created with " + created
                    + " shards, which is fixed for its life; the configuration says " + shards + ".");
        }
    }

    /// Binds the store to a cluster, once and for ever.
    void bindTo(String clusterId) throws GroupStoreException {
        Slot slot = Slot.identity();
        Optional<byte[]> stored = GroupStoreException.await(get(slot), "reading " + slot);
        StoreIdentity identity =
                StoreIdentity.decode(stored.orElseThrow(() -> new GroupStoreException("no identity")), slot);
        Optional<String> bound = identity.clusterId();
        if (bound.isEmpty()) {
            compareAndPut(slot, stored, new StoreIdentity(identity.shards(), Optional.of(clusterId)).encode());
        } else if (!bound.get().equals(clusterId)) {
            throw new GroupStoreException("The store in " + directory.path() + " belongs to cluster " + bound.get()
                    + ", but wal-store serves cluster " + clusterId + ".");
        }
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(Slot slot, byte[] value) {
        return cache(slot.table()).putIfAbsentAsync(key(slot), value).thenApply(former -> former == null);
    }

    @Override
    public CompletableFuture<Void> put(Slot slot, byte[] value) {
        return cache(slot.table()).putAsync(key(slot), value).thenRun(() -> {});
    }

    @Override
    public CompletableFuture<Void> remove(Slot slot) {
        return cache(slot.table()).removeAsync(key(slot)).thenRun(() -> {});
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(Slot slot) {
        return cache(slot.table()).getAsync(key(slot)).thenApply(Optional::ofNullable);
    }

    @Override
    public boolean compareAndPut(Slot slot, Optional<byte[]> expected, byte[] value) throws GroupStoreException {
        compareLock.lock();
        try {
            Optional<byte[]> stored = GroupStoreException.await(get(slot), "reading " + slot);
            if (!Arrays.equals(stored.orElse(null), expected.orElse(null))) {
                return false;
            }
            GroupStoreException.await(put(slot, value), "writing " + slot);
            return true;
        } finally {
            compareLock.unlock();
        }
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

    private static String key(Slot slot) {
        return prefix(slot.shard()) + slot.name();
    }

    private static String prefix(int shard) {
        return Integer.toString(shard) + SHARD_END;
    }

    /// Waits until Infinispan has closed its files, then gives the directory back.
    @Override
    public void close() throws GroupStoreException {
        manager.stop();
        directory.close();
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
