import FoundationEssentials

/// The files of a report that was in the folder before: those of another night must not be taken for this one's.
enum EarlierReport {
    /// The first page goes first: what is left without it is no report.
    static func remove(from folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in ["index.html"] + names.filter(isOurs) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    private static func isOurs(_ name: String) -> Bool {
        name.wholeMatch(of: /patient-[0-9]{5,}\.html|picture-[0-9]+\.jpg/) != nil
    }
}
