import Dispatch
import FindingStore
import Synchronization

/// Where pages ask the database: a few at a time, on threads of their own.
///
/// It is opened anew for each question: so what a run has written since is seen, a database that was replaced is, and between
/// questions nobody holds pages that `forget` wants to rewrite.
final class DatabaseDesk: Sendable {
    let path: String
    private let queues = (0..<4).map { DispatchQueue(label: "scanreport.database.\($0)") }
    private let next = Atomic<Int>(0)

    init(path: String) { self.path = path }

    /// - Parameter body: all of it sees the database at one moment.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (FindingStore) throws -> Value) async throws -> Value {
        let number = next.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withCheckedThrowingContinuation { continuation in
            queues[Int(UInt(bitPattern: number) % UInt(queues.count))].async {
                continuation.resume(
                    with: Result {
                        let store = try FindingStore.openForReading(at: self.path)
                        return try store.snapshot { try body(store) }
                    })
            }
        }
    }
}
