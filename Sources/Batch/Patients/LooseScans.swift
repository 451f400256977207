import Findings

/// Scans that lie in a folder that was given itself, whose patient therefore has that folder's name: one person's, where a
/// patient's folder was given; several people's, where a laboratory puts all files into one. Beside folders of patients they
/// are nobody's.
struct LooseScans {
    private struct Folder {
        var count = 0
        /// Of the first ones: a folder may hold a million.
        var marks: [String] = []
        var holdsFolders = false
    }

    private var folders: [ScanPath: Folder] = [:]

    mutating func add(_ scan: DiscoveredScan, _ patients: [Patient]) {
        guard patients.contains(where: { $0.source == .folder }) else { return }
        if scan.path.parent.lastComponent != nil {
            folders[scan.root, default: Folder()].holdsFolders = true
        } else {
            folders[scan.root, default: Folder()].count += 1
            if folders[scan.root, default: Folder()].marks.count < Notice.placeLimit {
                folders[scan.root]?.marks.append(scan.mark)
            }
        }
    }

    var notices: [Notice] {
        func notice(_ kind: Notice.Kind, _ isMeant: (Folder) -> Bool) -> Notice? {
            let meant = folders.values.filter(isMeant)
            return Notice(kind, count: meant.reduce(0) { $0 + $1.count }, meant.flatMap(\.marks).sorted())
        }
        return [
            notice(.scansBesideFolders, \.holdsFolders),
            // One alone is one patient's in any case.
            notice(.scansOfGivenFolder) { !$0.holdsFolders && $0.count > 1 },
        ].compactMap(\.self)
    }
}
