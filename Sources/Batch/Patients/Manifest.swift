import Findings
import Glibc
import Listings
import SystemPackage

/// What a person knows of the scans: whom each is of and, where its tags do not tell, its spacing.
///
/// A table with the columns `scan`, `patient` and, if need be, `spacing_um_px`; others are left to whoever wants
/// them. A scan is named by its path: absolute, relative to the folder of scans that was given, or relative to the
/// manifest's own folder; `ManifestMatch` says what else is understood. It may be named more than once, for different
/// patients.
public struct Manifest: Sendable {
    let rows: [ManifestRow]
    /// The manifest's own, absolute.
    let folder: ScanPath

    /// Reads a manifest from a file.
    ///
    /// - Throws: `missingInput` for a file that is not there, `unusableManifest` for one that is no such table, naming
    ///   the line at fault.
    public init(path: String) throws(BatchError) {
        guard let real = realPath(path) else {
            throw BatchError(.missingInput, "the manifest \(path.printable) cannot be found: \(Errno(rawValue: errno))")
        }
        try self.init(parsing: Manifest.read(real), folder: real.parent)
    }

    /// - Parameter folder: absolute.
    init(rows: [ManifestRow], folder: ScanPath) {
        self.rows = rows
        self.folder = folder
    }

    init(parsing bytes: [UInt8], folder: ScanPath) throws(BatchError) {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(parsing: bytes, required: ["scan", "patient"], optional: ["spacing_um_px"])
        } catch {
            throw BatchError(.unusableManifest, "the manifest cannot be used: \(error)")
        }
        self.folder = folder
        rows = try table.records.map { (record) throws(BatchError) in try ManifestRow(record) }
        try refuseContradictions()
    }

    /// The path that a row means where it is relative to the manifest.
    func place(of row: ManifestRow) -> ScanPath {
        row.path.exact.isAbsolute ? row.path.exact : folder.appending(row.path.exact.text).normalised
    }

    /// - Throws: `unusableManifest` where two rows give one scan two spacings.
    private func refuseContradictions() throws(BatchError) {
        let given = Dictionary(grouping: rows.filter { $0.spacing != nil }, by: place)
        let contradictions = given.values.filter { Set($0.map(\.spacing)).count > 1 }
        // The first in the file, whatever order the dictionary has.
        if let first = contradictions.map({ $0.map(\.line) }).min(by: { $0[0] < $1[0] }) {
            let lines = first.map(String.init).joined(separator: ", ")
            throw BatchError(.unusableManifest, "lines \(lines) of the manifest give one scan different spacings")
        }
    }

    private static func read(_ file: ScanPath) throws(BatchError) -> [UInt8] {
        let limit = CSVTable.Limits().bytes
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        do {
            let opened = OpenFile(
                owning: try file.withCString { try FileDescriptor.open($0, .readOnly, options: .closeOnExec) })
            // One byte past the limit is enough for the table to be refused.
            while bytes.count <= limit {
                let count = try buffer.withUnsafeMutableBytes { try opened.descriptor.read(into: $0) }
                if count == 0 { break }
                bytes += buffer[..<count]
            }
        } catch {
            throw BatchError(.unusableManifest, "the manifest cannot be read: \(error)")
        }
        return bytes
    }
}
