import Findings

/// Folders of one name in several places, which make one patient of whom they hold: a person whose scans came twice, or several
/// whom two sites numbered alike, or whose scans lie in folders called `2024` or `slides`. Only a person can tell.
struct NamesakeFolders {
    /// The first folder of each patient: of a million names, no more than their hashes.
    private var first: [String: Int] = [:]
    private var several: [String: String] = [:]

    mutating func add(_ scan: DiscoveredScan, _ patients: [Patient]) {
        for patient in patients where patient.source == .folder {
            let folder = scan.place.parent.hashValue
            guard let known = first[patient.id] else {
                first[patient.id] = folder
                continue
            }
            if known != folder, several[patient.id] == nil { several[patient.id] = scan.mark }
        }
    }

    /// Names a scan of each patient that lies elsewhere than the first.
    var notice: Notice? { Notice(.foldersOfOnePatient, several.values.sorted()) }
}
