import FoundationEssentials
import Listings

/// Which scans of a manifest a table of boxes speaks of.
///
/// First by paths, relative to the manifest's folder or to the table's, or absolute. A table may also name a scan as another system
/// or program wrote it: with backslashes, a drive, another root, or by its last names only. That counts where it fits one scan of
/// the manifest. Nothing is guessed: what fits several is refused, and what fits none is told.
public struct ObjectTableMatch: Sendable {
    /// By the scan's resolved path.
    private var truths: [String: ObjectTruth] = [:]
    /// Lines of the table that first name a scan which is none of the manifest's.
    public private(set) var unmatched: [Int] = []
    private let resolved: [String: String]

    /// - Parameters:
    ///   - scans: as the manifest writes them, all of it.
    ///   - path: of a file that the manifest names.
    ///   - tablePath: of the table.
    /// - Throws: `EvaluationError` of kind `unusableManifest`, naming the line.
    public init(
        _ table: ObjectTable, to scans: [String], path: (String) -> String, tablePath: String
    ) throws(EvaluationError) {
        resolved = Dictionary(scans.map { ($0, Self.resolved(path($0))) }) { first, _ in first }
        let places = Set(resolved.values)
        let folder = URL(filePath: tablePath).deletingLastPathComponent().path
        func place(_ name: String) -> String? {
            let candidates = [path(name), name.hasPrefix("/") ? name : "\(folder)/\(name)"]
            return candidates.lazy.map(Self.resolved).first(where: places.contains)
        }
        var rest: [ObjectTable.Scan] = []
        var items: [String: [ObjectTruth.Item]] = [:]
        for scan in table.scans {
            if let place = place(scan.name) { items[place, default: []] += scan.items } else { rest.append(scan) }
        }
        let byName = Dictionary(grouping: places) { Self.names($0).last ?? "" }
        var claims: [String: Int] = [:]
        for scan in rest {
            let names = Self.names(scan.name)
            let fitting = (byName[names.last ?? ""] ?? []).filter { items[$0] == nil || claims[$0] != nil }
                .compactMap { place in Self.shared(names, Self.names(place)).map { (place, $0) } }
            let most = fitting.map(\.1).max()
            let best = fitting.filter { $0.1 == most }.map(\.0)
            guard let place = best.first else {
                unmatched.append(scan.line)
                continue
            }
            guard best.count == 1, claims[place] == nil else {
                throw EvaluationError(
                    .unusableManifest,
                    best.count > 1
                        ? "line \(scan.line) of the table of objects may be of several scans of the manifest: write more of its path"
                        : "lines \(claims[place] ?? 0) and \(scan.line) of the table of objects may be of one scan of the manifest: "
                            + "write their paths")
            }
            claims[place] = scan.line
            items[place] = scan.items
        }
        truths = items.mapValues { ObjectTruth(items: $0, tellsClasses: true) }
    }

    /// - Parameter scan: as the manifest writes it.
    /// - Returns: nil where the table does not speak of it.
    public func truth(of scan: String) -> ObjectTruth? { resolved[scan].flatMap { truths[$0] } }

    /// What to say of scans that are none of the manifest's; nil where there are none.
    public var sentence: String? {
        guard !unmatched.isEmpty else { return nil }
        let lines = unmatched.prefix(5).map(String.init).joined(separator: ", ")
        return
            "the table of objects names \(unmatched.count.counting("scan")) that the manifest does not (line \(lines)"
            + (unmatched.count > 5 ? ", ..." : "") + "): are they written otherwise?"
    }

    private static func resolved(_ path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    /// Of a path of whatever system, without a drive.
    private static func names(_ path: String) -> [String] {
        path.replacing("\\", with: "/").split(separator: "/").map(String.init).filter {
            $0 != "." && $0 != ".." && !($0.utf8.count == 2 && $0.hasSuffix(":"))
        }
    }

    /// How many last names two paths have in common; nil where that is too little to be of one scan. A bare name is little, but all
    /// that there is.
    private static func shared(_ written: [String], _ known: [String]) -> Int? {
        let count = zip(written.reversed(), known.reversed()).prefix { $0 == $1 }.count
        return count == written.count || count >= 2 ? count : nil
    }
}
