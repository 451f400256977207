import Synchronization

/// Ends whatever process a seat has, now or next, once the batch is to end at once; from any thread.
final class KillSwitch: Sendable {
    private struct State {
        var child: ChildProcess?
        var isThrown = false
    }

    private let state = Mutex(State())

    func watch(_ child: ChildProcess) {
        let isThrown = state.withLock { state in
            state.child = child
            return state.isThrown
        }
        if isThrown { child.kill() }
    }

    func release() {
        state.withLock { $0.child = nil }
    }

    func throwSwitch() {
        let child = state.withLock { state in
            state.isThrown = true
            return state.child
        }
        child?.kill()
    }
}
