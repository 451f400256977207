import Findings
import Synchronization

/// Answers for tiles that were read before, up to so many bytes; those used longest ago go first.
final class TileCache: Sendable {
    struct Key: Sendable, Hashable {
        let scan: ContentHash
        let tile: TileAddress
    }

    private struct Entry {
        let answer: TileMessage.Answer
        var usedAt: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var clock = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: in bytes.
    init(limit: Int) { self.limit = limit }

    subscript(_ key: Key) -> TileMessage.Answer? {
        get {
            state.withLock { state in
                state.clock += 1
                state.entries[key]?.usedAt = state.clock
                return state.entries[key]?.answer
            }
        }
        set {
            state.withLock { state in
                if let old = state.entries[key] { state.bytes -= old.answer.size }
                state.clock += 1
                state.entries[key] = newValue.map { Entry(answer: $0, usedAt: state.clock) }
                state.bytes += newValue?.size ?? 0
                if state.bytes > limit { Self.thin(&state, to: limit / 2) }
            }
        }
    }

    private static func thin(_ state: inout State, to bytes: Int) {
        for (key, entry) in state.entries.sorted(by: { $0.value.usedAt < $1.value.usedAt }) {
            guard state.bytes > bytes else { return }
            state.entries[key] = nil
            state.bytes -= entry.answer.size
        }
    }
}

extension TileMessage.Answer {
    /// In bytes, with what keeping it takes.
    fileprivate var size: Int { if case .tile(let bytes) = self { bytes.count + 200 } else { 200 } }
}
