import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as requests: the first finishes what is in hand, any further one ends the batch at once.
public final class TerminationSignals {
    public let requests: AsyncStream<StopRequest>
    private let sources: [any DispatchSourceSignal]

    /// From now on the two signals do nothing else. For a process' one batch: what a signal does is the process' own.
    public init() {
        let (requests, continuation) = AsyncStream.makeStream(of: StopRequest.self)
        let queue = DispatchQueue(label: "scanreport.signals")
        let isFirst = Atomic(true)
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                continuation.yield(isFirst.exchange(false, ordering: .relaxed) ? .finishInHand : .atOnce)
            }
            source.resume()
            return source
        }
        self.requests = requests
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
