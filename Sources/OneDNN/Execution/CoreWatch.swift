/// Tells whether threads that share layers have a core each.
///
/// They meet after every layer: where another process keeps one of their cores busy, all wait for the one that is kept from
/// it, and a run takes longer than on fewer threads, ten times as long where layers are short. While all run, what tells is how
/// often they are interrupted; while fewer do, how many threads of the whole machine want a core.
struct CoreWatch {
    private let threads: Int
    private let cores: Int
    private var isFree: Bool?
    /// Runs on fewer threads, one after the other, before which there were cores enough.
    private var quietRuns = 0
    private var start: (interruptions: Int, time: ContinuousClock.Instant)?

    /// What runs are looked at together, at least: some turns of those that share a core.
    private static let span = Duration.milliseconds(20)
    /// Of the process in a span, from which on somebody else wants a core: a machine's own services cause one now and then.
    private static let interruptionsOfOthers = 2.0
    private static let quietRunsWanted = 8

    init(threads: Int, cores: Int = ProcessorLoad.cores) {
        self.threads = min(threads, cores)
        self.cores = cores
    }

    /// Whether the next run is one for all threads.
    ///
    /// - Parameter runnable: see ``ProcessorLoad/runnable``; only asked while fewer threads run.
    mutating func areFree(_ runnable: @autoclosure () -> Int?) -> Bool {
        if isFree == true { return true }
        let hasRoom = (runnable() ?? 1) - 1 + threads <= cores
        quietRuns = hasRoom ? quietRuns + 1 : 0
        // At first they are asked once; later they must stay so for a while.
        guard hasRoom, isFree == nil || quietRuns >= Self.quietRunsWanted else {
            isFree = false
            return false
        }
        (isFree, start) = (true, nil)
        return true
    }

    /// Takes note of the process's interruptions after a run on all threads.
    mutating func note(_ interruptions: Int, at time: ContinuousClock.Instant) {
        guard let start else {
            self.start = (interruptions, time)
            return
        }
        let spans = (time - start.time) / Self.span
        guard spans >= 1 else { return }
        let count = Double(interruptions - start.interruptions)
        if count >= Self.interruptionsOfOthers * spans { (isFree, quietRuns) = (false, 0) }
        self.start = (interruptions, time)
    }
}
