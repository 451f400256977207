import CLinux
import Glibc
import SystemPackage

/// What swift-system has no call for: sockets, `poll` and `wait4`. Here is the one place that calls again what a signal
/// interrupted.

/// Calls again as long as a signal interrupts the call.
package func retryingOnInterrupt<Value: FixedWidthInteger & SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let answer = call()
        if answer >= 0 || Errno(rawValue: errno) != .interrupted { return answer }
    }
}

/// Waits until one of the descriptors has what is asked for.
///
/// - Returns: how many have; 0 when the time is up.
package func wait(for watched: inout [pollfd], atMost limit: Duration) -> CInt {
    // Rounded up, so that it does not spin; a wait of more than a minute is looked at again by whoever waits.
    let capped = max(.zero, min(limit, .seconds(60))).components
    let milliseconds = CInt(capped.seconds) * 1000 + CInt(capped.attoseconds / 1_000_000_000_000_000) + 1
    return retryingOnInterrupt { poll(&watched, nfds_t(watched.count), milliseconds) }
}

/// Writes all bytes to a socket, and hands descriptors over with the first of them; never raises SIGPIPE.
func sendAll(
    _ frame: [UInt8], to socket: FileDescriptor, handing descriptors: [FileDescriptor] = []
) throws {
    var rest = frame[...]
    var handed = descriptors.map(\.rawValue)[...]
    while !rest.isEmpty {
        let now = Array(handed.prefix(Int(clinux_most_descriptors)))
        handed = handed.dropFirst(now.count)
        // One byte goes with those that are not the last.
        let bytes = handed.isEmpty ? rest : rest.prefix(1)
        let count = retryingOnInterrupt {
            bytes.withUnsafeBytes { clinux_send(socket.rawValue, $0.baseAddress, $0.count, now, now.count) }
        }
        guard count > 0 else { throw FrameError.cutShort }
        rest = rest.dropFirst(count)
    }
    guard handed.isEmpty else { throw FrameError.tooLong }
}

/// Reads what has come, at most so many bytes, with the descriptors that came along.
///
/// - Returns: how many bytes; 0 at the stream's end.
func receive(
    from socket: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, _ descriptors: inout [FileDescriptor]
) -> Int {
    var numbers = [CInt](repeating: -1, count: Int(clinux_most_descriptors))
    var came = 0
    let count = retryingOnInterrupt {
        clinux_receive(socket.rawValue, buffer.baseAddress, buffer.count, &numbers, &came)
    }
    descriptors += numbers[..<came].map { FileDescriptor(rawValue: $0) }
    return count
}
