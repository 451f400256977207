import Glibc
import Listings

/// What a person knows of the scans: whom each is of and, where its tags do not tell, its spacing.
///
/// A table with the columns `scan`, `patient` and, if need be, `spacing_um_px`; others are left to whoever wants
/// them. A scan is named by its path: absolute, relative to the folder of scans that was given, or relative to the
/// manifest's own folder. It may be named more than once, for different patients.
public struct Manifest: Sendable {
    struct Entry: Sendable, Hashable {
        /// Where in the file, from 1.
        let line: Int
        /// Nil where the field is empty: whose scan it is is told by other means.
        let patient: String?
        /// In micrometres per level-0 pixel.
        let spacing: Double?
    }

    private var rows: [Entry] = []
    /// Indices of rows by the path as it is written.
    private var rowsByPath: [String: [Int]] = [:]
    /// Indices of rows by the absolute path that they mean, seen from the manifest's folder.
    private var rowsByFile: [String: [Int]] = [:]

    /// Reads a manifest from a file.
    ///
    /// - Throws: `missingInput` for a file that is not there, `unusableManifest` for one that is no such table, naming
    ///   the line at fault.
    public init(path: String) throws(BatchError) {
        guard let real = realPath(path) else {
            throw BatchError(.missingInput, "the manifest \(path.printable) cannot be found: \(systemMessage(errno))")
        }
        try self.init(parsing: Manifest.read(real), folder: parent(real))
    }

    /// - Parameter folder: the manifest's own, absolute.
    init(parsing bytes: [UInt8], folder: String) throws(BatchError) {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(parsing: bytes, required: ["scan", "patient"], optional: ["spacing_um_px"])
        } catch {
            throw BatchError(.unusableManifest, "the manifest cannot be used: \(error)")
        }
        for record in table.records {
            guard let path = record["scan"], !path.isEmpty else {
                throw BatchError(.unusableManifest, "line \(record.line) of the manifest names no scan")
            }
            let patient = record["patient"].flatMap { $0.isEmpty ? nil : $0 }
            let spacing = try Manifest.spacing(record["spacing_um_px"], line: record.line)
            add(Entry(line: record.line, patient: patient, spacing: spacing), path: path, folder: folder)
        }
        try refuseContradictions()
    }

    func entries(for scan: DiscoveredScan) -> [Entry] {
        matches(of: scan).map { rows[$0] }
    }

    /// How many rows name none of the scans.
    func unmatchedRows(_ scans: [DiscoveredScan]) -> Int {
        var matched: Set<Int> = []
        for scan in scans { matched.formUnion(matches(of: scan)) }
        return rows.count - matched.count
    }

    private mutating func add(_ entry: Entry, path: String, folder: String) {
        let index = rows.count
        rows.append(entry)
        rowsByPath[normalised(path), default: []].append(index)
        rowsByFile[normalised(path.hasPrefix("/") ? path : join(folder, path)), default: []].append(index)
    }

    /// In the order of the rows, each once.
    private func matches(of scan: DiscoveredScan) -> [Int] {
        let named = rowsByPath[scan.path] ?? rowsByFile[join(scan.root, scan.path)] ?? rowsByFile[scan.file]
        return named ?? []
    }

    /// - Throws: `unusableManifest` where two rows give one scan two spacings.
    private func refuseContradictions() throws(BatchError) {
        for indices in rowsByFile.values where Set(indices.compactMap { rows[$0].spacing }).count > 1 {
            let lines = indices.map { String(rows[$0].line) }.joined(separator: ", ")
            throw BatchError(.unusableManifest, "lines \(lines) of the manifest give one scan different spacings")
        }
    }

    private static func spacing(_ field: String?, line: Int) throws(BatchError) -> Double? {
        guard let field, !field.isEmpty else { return nil }
        guard let spacing = Double(field), spacing > 0, spacing.isFinite else {
            throw BatchError(
                .unusableManifest, "line \(line) of the manifest has a spacing_um_px that is not a positive number")
        }
        return spacing
    }

    private static func read(_ file: String) throws(BatchError) -> [UInt8] {
        let opened = open(file, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw unreadable(errno) }
        let descriptor = Descriptor(owning: opened)
        let limit = CSVTable.Limits().bytes
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // One byte past the limit is enough for the table to be refused.
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(errno) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func unreadable(_ code: Int32) -> BatchError {
        BatchError(.unusableManifest, "the manifest cannot be read: \(systemMessage(code))")
    }
}

/// Without `.`, `..` and doubled slashes, as far as the text alone tells.
private func normalised(_ path: String) -> String {
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
        if component == "..", let last = components.last, last != ".." {
            components.removeLast()
        } else {
            components.append(component)
        }
    }
    return (path.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
}
