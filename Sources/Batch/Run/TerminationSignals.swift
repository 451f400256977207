import Dispatch
import Glibc
import Synchronization

/// SIGTERM, SIGINT and SIGHUP as requests: the first finishes what is in hand, any further one ends the batch at once.
public final class TerminationSignals {
    public let requests: AsyncStream<StopRequest>
    private let sources: [any DispatchSourceSignal]

    /// From now on these signals do nothing else; a SIGHUP that is ignored already, as under `nohup`, stays so. For a process' one batch: what a signal does is the process' own.
    public init() {
        let (requests, continuation) = AsyncStream.makeStream(of: StopRequest.self)
        let queue = DispatchQueue(label: "scanreport.signals")
        let isFirst = Atomic(true)
        let formerHandler = signal(SIGHUP, SIG_IGN)
        let isHangUpIgnored = unsafeBitCast(formerHandler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        sources = ([SIGTERM, SIGINT] + (isHangUpIgnored ? [] : [SIGHUP])).map { number in
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
