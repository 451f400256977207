import Glibc
import Synchronization

/// The processor's own note that an operation made what is not a number, or took it for the smaller or larger of two.
///
/// Each thread has one; it stays until it is taken away, and keeping it costs nothing.
enum InvalidOperations {
    private static let flag: Int32 = FE_INVALID

    /// Takes the note away from the first threads.
    static func forget(threads: Int) { Threads.perform(threads) { _, _ in feclearexcept(flag) } }

    /// Whether one of the first threads has it.
    static func happened(threads: Int) -> Bool {
        let happened = Atomic(false)
        Threads.perform(threads) { _, _ in
            if fetestexcept(flag) != 0 { happened.store(true, ordering: .relaxed) }
        }
        return happened.load(ordering: .relaxed)
    }
}
