import Analysis
import Slides
import SystemPackage

/// What goes to a process that has a scan at standard input and a socket at standard error, before anything else: the parts of a
/// scan of several files.
package enum ScanHandover {
    /// Not more than a frame of names takes, in bytes.
    private static let longest = 1 << 20

    package static func send(_ scan: borrowing OpenedScan, to socket: FileDescriptor) throws {
        try sendAll(Frame.encode(PartTable(scan)), to: socket, handing: Array(scan.descriptors.dropFirst()))
    }

    /// Waits for them.
    ///
    /// - Returns: the scan's files, open as long as the process is there; nil where nobody hands any over.
    package static func receive(scan: Int32, from socket: Int32) -> ScanFiles? {
        let socket = FileDescriptor(rawValue: socket)
        var parts: [FileDescriptor] = []
        guard let header = bytes(Frame.headerLength, from: socket, &parts) else { return nil }
        let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= longest, let payload = bytes(length, from: socket, &parts) else { return nil }
        var unpacker = Unpacker(payload[...])
        do {
            let table: PartTable? = try unpacker.next()
            let names = table?.names ?? []
            guard unpacker.isAtEnd, names.count == parts.count else { return nil }
            return ScanFiles(
                descriptor: scan, form: table?.form,
                parts: zip(names, parts).map { ScanFiles.Part(name: $0, descriptor: $1.rawValue) })
        } catch {
            return nil
        }
    }

    /// No more, for what follows is another's to read.
    private static func bytes(
        _ count: Int, from socket: FileDescriptor, _ descriptors: inout [FileDescriptor]
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let came = bytes.withUnsafeMutableBytes {
                Batch.receive(from: socket, into: .init(rebasing: $0[filled...]), &descriptors)
            }
            guard came > 0 else { return nil }
            filled += came
        }
        return bytes
    }
}
