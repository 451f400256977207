import Dispatch
import Synchronization

/// `transform` of 0, 1, ... in their order, computed on several threads.
package func concurrentMap<Value: Sendable>(
    _ count: Int, threads: Int, _ transform: @Sendable (Int) -> Value
) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let value = transform(index)
            values.withLock { $0[index] = value }
        }
    }
    return values.withLock { $0.compactMap { $0 } }
}
