package io.millrace.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map that never changes: with a change it is another map, which shares all but a few nodes with this one. So a
/// change costs what it changes, and keeping an older state costs nothing.
///
/// A hash trie: each level takes five bits of a key's hash, and a node has the children that are there side by side.
///
/// Threads: immutable. Source: Bagwell, "Ideal Hash Trees" (2001).
public final class PersistentMap<K, V> extends AbstractMap<K, V> {

    private static final int LEVEL_BITS = 5;
    private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // It holds no key and no value.
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        Leaf<K, V> found = root == null || key == null ? null : root.find(key, hash(key), 0);
        return found == null ? null : found.getValue();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    public PersistentMap<K, V> with(K key, V value) {
        Leaf<K, V> leaf = new Leaf<>(key, Objects.requireNonNull(value), hash(key));
        if (root == null) {
            return new PersistentMap<>(leaf, 1);
        }
        return new PersistentMap<>(root.with(leaf, 0), get(key) == null ? size + 1 : size);
    }

    public PersistentMap<K, V> without(K key) {
        return root == null || get(key) == null ? this : new PersistentMap<>(root.without(key, hash(key), 0), size - 1);
    }

    /// The values of keys that have no value in the other map, or another one. What both maps share is not looked at.
    public List<V> notIn(PersistentMap<K, V> other) {
        List<V> found = new ArrayList<>();
        if (root != null) {
            collectNotIn(root, other.root, other, found);
        }
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // The same node holds the same; another one may, too, and is looked at.
    private static <K, V> void collectNotIn(
            Node<K, V> node, @Nullable Node<K, V> otherNode, PersistentMap<K, V> other, List<V> found) {
        if (node == otherNode) {
            return;
        }
        switch (node) {
            case Leaf<K, V> leaf -> {
                if (!leaf.getValue().equals(other.get(leaf.getKey()))) {
                    found.add(leaf.getValue());
                }
            }
            case Branch<K, V> branch -> {
                Branch<K, V> otherBranch = otherNode instanceof Branch<K, V> same ? same : null;
                for (int bits = branch.bitmap; bits != 0; bits &= bits - 1) {
                    int bit = Integer.lowestOneBit(bits);
                    collectNotIn(
                            branch.child(bit), otherBranch == null ? null : otherBranch.childOrNull(bit), other, found);
                }
            }
            case Collision<K, V> collision -> {
                for (Leaf<K, V> leaf : collision.leaves()) {
                    collectNotIn(leaf, null, other, found);
                }
            }
        }
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {

            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Entries<>(root);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /// Hashes that differ in their upper bits only would meet on every level but the last.
    private static int hash(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    private sealed interface Node<K, V> {

        @Nullable
        Leaf<K, V> find(Object key, int hash, int shift);

        Node<K, V> with(Leaf<K, V> leaf, int shift);

        /// Null if nothing is left. The key is there.
        @Nullable
        Node<K, V> without(Object key, int hash, int shift);
    }

    private static final class Leaf<K, V> extends SimpleImmutableEntry<K, V> implements Node<K, V> {

        private static final long serialVersionUID = 1;

        private final int hash;

        Leaf(K key, V value, int hash) {
            super(key, value);
            this.hash = hash;
        }

        @Override
        public @Nullable Leaf<K, V> find(Object key, int keyHash, int shift) {
            return hash == keyHash && key.equals(getKey()) ? this : null;
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            if (hash != leaf.hash) {
                return Branch.of(this, hash, leaf, shift);
            }
            return leaf.getKey().equals(getKey()) ? leaf : new Collision<>(List.of(this, leaf));
        }

        @Override
        public @Nullable Node<K, V> without(Object key, int keyHash, int shift) {
            return null;
        }
    }

    /// Keys of the same hash.
    private record Collision<K, V>(List<Leaf<K, V>> leaves) implements Node<K, V> {

        private int hash() {
            return leaves.getFirst().hash;
        }

        @Override
        public @Nullable Leaf<K, V> find(Object key, int keyHash, int shift) {
            for (Leaf<K, V> leaf : leaves) {
                if (leaf.find(key, keyHash, shift) != null) {
                    return leaf;
                }
            }
            return null;
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            if (hash() != leaf.hash) {
                return Branch.of(this, hash(), leaf, shift);
            }
            List<Leaf<K, V>> kept = except(leaf.getKey());
            kept.add(leaf);
            return new Collision<>(kept);
        }

        private List<Leaf<K, V>> except(Object key) {
            List<Leaf<K, V>> kept = new ArrayList<>(leaves);
            kept.removeIf(leaf -> leaf.getKey().equals(key));
            return kept;
        }

        @Override
        public Node<K, V> without(Object key, int keyHash, int shift) {
            List<Leaf<K, V>> kept = except(key);
            return kept.size() == 1 ? kept.getFirst() : new Collision<>(kept);
        }
    }

    /// One child for each bit of the bitmap, in the order of the bits.
    private static final class Branch<K, V> implements Node<K, V> {

        private final int bitmap;
        private final Node<K, V>[] children;

        private Branch(int bitmap, Node<K, V>[] children) {
            this.bitmap = bitmap;
            this.children = children;
        }

        @SuppressWarnings("unchecked") // Java has no arrays of a generic type.
        private static <K, V> Branch<K, V> of(int bitmap, int count) {
            return new Branch<>(bitmap, (Node<K, V>[]) new Node<?, ?>[count]);
        }

        static <K, V> Branch<K, V> of(Node<K, V> one, int hash, Leaf<K, V> other, int shift) {
            int bit = bit(hash, shift);
            int otherBit = bit(other.hash, shift);
            if (bit == otherBit) {
                Branch<K, V> branch = of(bit, 1);
                branch.children[0] = of(one, hash, other, shift + LEVEL_BITS);
                return branch;
            }
            Branch<K, V> branch = of(bit | otherBit, 2);
            branch.children[branch.index(bit)] = one;
            branch.children[branch.index(otherBit)] = other;
            return branch;
        }

        private static int bit(int hash, int shift) {
            return 1 << (hash >>> shift & LEVEL_MASK);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }

        Node<K, V> child(int bit) {
            return children[index(bit)];
        }

        @Nullable
        Node<K, V> childOrNull(int bit) {
            return (bitmap & bit) == 0 ? null : child(bit);
        }

        @Override
        public @Nullable Leaf<K, V> find(Object key, int hash, int shift) {
            Node<K, V> child = childOrNull(bit(hash, shift));
            return child == null ? null : child.find(key, hash, shift + LEVEL_BITS);
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            int bit = bit(leaf.hash, shift);
            Node<K, V> child = childOrNull(bit);
            if (child != null) {
                return replaced(bit, child.with(leaf, shift + LEVEL_BITS));
            }
            int at = index(bit);
            Branch<K, V> larger = of(bitmap | bit, children.length + 1);
            System.arraycopy(children, 0, larger.children, 0, at);
            larger.children[at] = leaf;
            System.arraycopy(children, at, larger.children, at + 1, children.length - at);
            return larger;
        }

        private Branch<K, V> replaced(int bit, Node<K, V> child) {
            Branch<K, V> other = new Branch<>(bitmap, children.clone());
            other.children[index(bit)] = child;
            return other;
        }

        @Override
        public @Nullable Node<K, V> without(Object key, int hash, int shift) {
            int bit = bit(hash, shift);
            Node<K, V> left = child(bit).without(key, hash, shift + LEVEL_BITS);
            if (left != null) {
                // What is alone on its level can lie one higher, unless its place there would be another one.
                return children.length == 1 && !(left instanceof Branch) ? left : replaced(bit, left);
            }
            int at = index(bit);
            if (children.length == 2 && !(children[1 - at] instanceof Branch)) {
                return children[1 - at];
            }
            if (children.length == 1) {
                return null;
            }
            Branch<K, V> smaller = of(bitmap & ~bit, children.length - 1);
            System.arraycopy(children, 0, smaller.children, 0, at);
            System.arraycopy(children, at + 1, smaller.children, at, smaller.children.length - at);
            return smaller;
        }
    }

    private static final class Entries<K, V> implements Iterator<Map.Entry<K, V>> {

        private final Deque<Node<K, V>> rest = new ArrayDeque<>();

        Entries(@Nullable Node<K, V> root) {
            if (root != null) {
                rest.push(root);
            }
        }

        @Override
        public boolean hasNext() {
            return !rest.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            while (!rest.isEmpty()) {
                switch (rest.pop()) {
                    case Leaf<K, V> leaf -> {
                        return leaf;
                    }
                    case Branch<K, V> branch -> rest.addAll(Arrays.asList(branch.children));
                    case Collision<K, V> collision -> rest.addAll(collision.leaves());
                }
            }
            throw new NoSuchElementException();
        }
    }
}
