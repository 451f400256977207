/// Where the scan that is next is copied and hashed while the desks are busy, so that no worker waits for a disk or a network; on
/// a queue of its own.
actor PreparationSeat {
    private let executor = BlockingExecutor(label: "scanreport.next")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let timeout: ScanTimeout
    private let stop: StopFlag

    init(timeout: ScanTimeout, stop: StopFlag) {
        self.timeout = timeout
        self.stop = stop
    }

    func prepare(_ scan: ScanInHand) {
        scan.prepare(within: timeout) { stop.isRaised || Task.isCancelled }
    }
}
