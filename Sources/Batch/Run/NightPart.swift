import Findings

/// One pipeline's part in a night: what is planned for it, and what it came to so far.
struct NightPart: Sendable {
    let plan: BatchPlan
    let workers: WorkerSettings
    let ledger: ScanLedger
    var summary: BatchSummary
    /// Why no scan is begun for this pipeline any more, though others go on.
    var failure: BatchError?

    /// The least that the kernel granted any of the workers.
    mutating func note(_ confinement: WorkerConfinement?) {
        guard let confinement else { return }
        summary.confinement = summary.confinement?.intersection(confinement) ?? confinement
    }
}

/// A scan that is still to be opened, as each part of the night that is to look at it has planned it.
struct QueuedScan: Sendable {
    /// By the part's index, ascending; never empty.
    let plans: [(part: Int, scan: PlannedScan)]

    init(_ plans: [(part: Int, scan: PlannedScan)]) { self.plans = plans }

    /// The scans of all plans, in the order of the first that names each: files may come and go between two plans.
    static func queue(of plans: [BatchPlan]) -> [QueuedScan] {
        guard plans.count > 1 else { return plans.flatMap(\.scans).map { QueuedScan([(0, $0)]) } }
        var places: [ScanPath] = []
        var byPlace: [ScanPath: [(part: Int, scan: PlannedScan)]] = [:]
        for (part, plan) in plans.enumerated() {
            for scan in plan.scans {
                if byPlace[scan.scan.place] == nil { places.append(scan.scan.place) }
                byPlace[scan.scan.place, default: []].append((part, scan))
            }
        }
        return places.compactMap { byPlace[$0].map { QueuedScan($0) } }
    }

    /// Nil where nobody else is to look at it.
    func without(_ part: Int) -> QueuedScan? {
        let others = plans.filter { $0.part != part }
        return others.isEmpty ? nil : QueuedScan(others)
    }
}
