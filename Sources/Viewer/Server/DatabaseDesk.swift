import FindingStore
import Synchronization

/// Where pages ask the database: a few at a time, on threads of their own.
final class DatabaseDesk: Sendable {
    let path: String
    private let readers: [DatabaseReader]
    private let next = Atomic<Int>(0)

    init(path: String) {
        self.path = path
        readers = (0..<4).map { DatabaseReader(path: path, label: "scanreport.database.\($0)") }
    }

    /// - Parameter body: all of it sees the database at one moment.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (FindingStore) throws -> Value) async throws -> Value {
        let number = next.wrappingAdd(1, ordering: .relaxed).newValue
        return try await readers[Int(UInt(bitPattern: number) % UInt(readers.count))].ask(body)
    }
}
