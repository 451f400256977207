import Findings

/// Which rows of a manifest name which of the scans that were found.
///
/// First by paths, to the last byte: relative to the folder of scans, or to the manifest's folder, or absolute. A row that
/// names no scan so may name one as another system wrote it: with backslashes, a drive, another root above the scan's
/// path, in Unicode's other form, without the scan's suffix, or by its last names only. That counts where it fits
/// exactly one scan, and nothing else in the manifest claims that scan better. Nothing is guessed: what fits several is
/// ambiguous, and said.
struct ManifestMatch {
    /// Of each scan, the rows that name it, in their order.
    private(set) var rows: [[ManifestRow]]
    /// Rows that name none of the scans.
    private(set) var unmatched: [ManifestRow] = []
    /// Rows that may mean several scans, or a scan that other rows claim for another patient.
    private(set) var ambiguous: [ManifestRow] = []
    /// Rows that name their scan not by a path from here.
    private(set) var matchedByName: [ManifestRow] = []

    private let scans: [DiscoveredScan]

    init(_ manifest: Manifest, _ scans: [DiscoveredScan]) {
        self.scans = scans
        rows = Array(repeating: [], count: scans.count)
        let rest = matchByPath(manifest)
        if !rest.isEmpty { matchByName(rest) }
    }

    /// - Returns: the rows that are left.
    private mutating func matchByPath(_ manifest: Manifest) -> [ManifestRow] {
        var byPlace: [ScanPath: Int] = [:]
        var byPath: [ScanPath: [Int]] = [:]
        var byTarget: [ScanPath: [Int]] = [:]
        for (index, scan) in scans.enumerated() {
            byPlace[scan.place] = index
            byPath[scan.path, default: []].append(index)
            if scan.target != nil { byTarget[scan.file, default: []].append(index) }
        }
        var rest: [ManifestRow] = []
        var ofTargets: [(ManifestRow, scans: [Int])] = []
        for row in manifest.rows {
            let place = manifest.place(of: row)
            let linked = byTarget[place] ?? []
            if let index = byPlace[place] {
                rows[index].append(row)
            } else if let indices = byPath[row.path.exact] {
                if indices.count == 1 { rows[indices[0]].append(row) } else { ambiguous.append(row) }
            } else if linked.isEmpty {
                rest.append(row)
            }
            if !linked.isEmpty { ofTargets.append((row, linked)) }
        }
        // What names a file names the links to it, unless they are named themselves.
        let named = Set(rows.indices.filter { !rows[$0].isEmpty })
        for (row, indices) in ofTargets {
            for index in indices where !named.contains(index) { rows[index].append(row) }
        }
        return rest
    }

    private mutating func matchByName(_ rest: [ManifestRow]) {
        // By texts: here Unicode's equality is meant.
        var byName: [String: [Int]] = [:]
        for (index, scan) in scans.enumerated() {
            byName[ScanFileKind.scanName(scan.path.lastComponent ?? "").stem, default: []].append(index)
        }
        var claims: [Int: [(row: ManifestRow, shared: Int)]] = [:]
        for row in rest {
            let candidates = byName[ScanFileKind.scanName(row.path.names.last ?? "").stem] ?? []
            let fitting = candidates.compactMap { index in
                sharedNames(row.path, scans[index]).map { (index: index, shared: $0) }
            }
            let most = fitting.map(\.shared).max() ?? 0
            var best = fitting.filter { $0.shared == most }
            if best.count > 1 { best = best.filter { isByteForByte(row.path, scans[$0.index], names: most) } }
            if fitting.isEmpty {
                unmatched.append(row)
            } else if best.count == 1 {
                claims[best[0].index, default: []].append((row, most))
            } else {
                ambiguous.append(row)
            }
        }
        for (index, claims) in claims.sorted(by: { $0.key < $1.key }) { settle(claims, on: index) }
        unmatched.sort { $0.line < $1.line }
        ambiguous.sort { $0.line < $1.line }
    }

    /// Of the rows that fit a scan by name, those with most of its path count, as long as they agree, and agree with a row
    /// that names it by its path.
    private mutating func settle(_ claims: [(row: ManifestRow, shared: Int)], on index: Int) {
        let most = claims.map(\.shared).max() ?? 0
        let best = claims.filter { $0.shared == most }.map(\.row)
        unmatched += claims.filter { $0.shared < most }.map(\.row)
        let isOnePath = Set(best.map(\.path)).count == 1
        let all = rows[index] + best
        let agree = Set(all.compactMap(\.patient)).count <= 1 && Set(all.compactMap(\.spacing)).count <= 1
        if agree || isOnePath && rows[index].isEmpty {
            rows[index] += best
            matchedByName += best
        } else {
            ambiguous += best
        }
    }

    /// How many last names a row's path has in common with a scan's, the suffix aside where the row has none; nil where one
    /// of them goes on otherwise. The row may begin within the scan's path, or with another root than the scan's; a bare
    /// name is too little for another root: other patients' folders hold files of that name too.
    private func sharedNames(_ path: ManifestPath, _ scan: DiscoveredScan) -> Int? {
        let (written, found) = (
            ScanFileKind.scanName(path.names.last ?? ""), ScanFileKind.scanName(scan.path.lastComponent ?? "")
        )
        guard written.suffix.isEmpty || written.suffix == found.suffix else { return nil }
        let names = scan.place.names
        let shared = 1 + zip(path.names.dropLast().reversed(), names.dropLast().reversed()).prefix { $0 == $1 }.count
        let ownCount = scan.path.names.count
        let isWithin = shared == path.names.count
        let hasOtherRoot = shared >= max(ownCount, 2) && (path.isAbsolute || ownCount > 1)
        return isWithin || hasOtherRoot ? shared : nil
    }

    private func isByteForByte(_ path: ManifestPath, _ scan: DiscoveredScan, names count: Int) -> Bool {
        let written = path.names.suffix(count).map { ScanPath($0) }
        return written == scan.place.names.suffix(count).map { ScanPath($0) }
    }
}
