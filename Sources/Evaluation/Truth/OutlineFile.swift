import Findings
import SystemPackage

/// A GeoJSON file that a manifest names.
enum OutlineFile {
    static func text(at path: String) throws(OutlineError) -> String {
        var bytes: [UInt8] = []
        do {
            // Without waiting: the name may be a pipe's.
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
            bytes = try file.closeAfter { try file.bytes(atMost: OutlineFeature.mostBytes + 1) }
        } catch { throw OutlineError("\(error)") }
        return try OutlineFeature.text(of: bytes)
    }
}

extension FileDescriptor {
    fileprivate func bytes(atMost limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while bytes.count < limit {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
