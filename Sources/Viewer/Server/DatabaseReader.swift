import Dispatch
import FindingStore
import Synchronization

/// A thread that asks the database. It stays open while questions come, for opening it takes longer than most answers, and is
/// opened anew where it is not the one any more that lies there. Soon after the last question it is closed: then nobody holds
/// pages that `forget` wants to rewrite, nor keeps a run that ends from emptying its log.
final class DatabaseReader: Sendable {
    private struct State {
        var store: FindingStore?
        var questions = 0
    }

    private let path: String
    private let queue: DispatchQueue
    private let state = Mutex(State())

    private static let patience = DispatchTimeInterval.seconds(1)

    init(path: String, label: String) {
        self.path = path
        queue = DispatchQueue(label: label)
    }

    func ask<Value: Sendable>(_ body: @escaping @Sendable (FindingStore) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.answer(body) }) }
        }
    }

    private func answer<Value>(_ body: (FindingStore) throws -> Value) throws -> Value {
        let store = try open()
        defer { closeLater() }
        return try store.snapshot { try body(store) }
    }

    private func open() throws(StoreError) -> FindingStore {
        try state.withLock { (state) throws(StoreError) in
            state.questions += 1
            if let store = state.store, store.isUpToDate { return store }
            state.store = nil
            let store = try FindingStore.openForReading(at: path)
            state.store = store
            return store
        }
    }

    private func closeLater() {
        let asked = state.withLock(\.questions)
        queue.asyncAfter(deadline: .now() + Self.patience) {
            self.state.withLock { state in
                if state.questions == asked { state.store = nil }
            }
        }
    }
}
