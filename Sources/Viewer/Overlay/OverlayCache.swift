import Synchronization

/// Overlays that were made before: an analysis never changes.
final class OverlayCache: Sendable {
    struct Key: Sendable, Hashable {
        let analysis: Int64
        let image: Int
    }

    /// The one used last at the end.
    private let kept = Mutex<[(key: Key, json: [UInt8])]>([])

    private static let most = 4

    subscript(_ key: Key) -> [UInt8]? {
        get {
            kept.withLock { kept in
                guard let index = kept.firstIndex(where: { $0.key == key }) else { return nil }
                kept.append(kept.remove(at: index))
                return kept.last?.json
            }
        }
        set {
            kept.withLock { kept in
                kept.removeAll { $0.key == key }
                if let newValue { kept.append((key, newValue)) }
                if kept.count > Self.most { kept.removeFirst() }
            }
        }
    }
}
