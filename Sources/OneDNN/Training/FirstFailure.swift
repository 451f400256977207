import NeuralNetworks
import Synchronization

/// What went wrong first on any of several threads.
final class FirstFailure: Sendable {
    private let failure = Mutex<(any Error)?>(nil)

    func note(_ error: any Error) { failure.withLock { $0 = $0 ?? error } }

    func check() throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
