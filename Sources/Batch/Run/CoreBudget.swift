/// How a budget of cores is split: one worker a scan as long as there are scans, then more tile threads a worker.
struct CoreBudget: Sendable, Hashable {
    /// The tile threads of each worker.
    let tileThreads: [Int]

    /// - Precondition: at least one core.
    init(cores: Int, scans: Int) {
        precondition(cores > 0, "a batch needs a core")
        let workers = min(cores, max(scans, 1))
        tileThreads = (0..<workers).map { cores / workers + ($0 < cores % workers ? 1 : 0) }
    }
}
