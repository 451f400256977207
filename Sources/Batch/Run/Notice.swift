import Findings
import Listings

/// What a person should know of a run: counted, and named without patient data.
public struct Notice: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case rowOfNoScan, rowOfSeveralScans, scanOfNoRow, rowOfNoPatient, rowsOfSeveralPatients, rowMatchedByName
        /// Patients of the manifest whose ids look alike.
        case patientsAlike
        /// Scans of which a manifest or a label told the patient, and only their path does now.
        case patientToldNoMore
        case unfollowedLink, linkToWalkedFolder, unexaminedFile, ignored, unreachable
        /// By the format's name.
        case unreadFormat(String)
        /// Files, and no scan among them.
        case nothingFound
        /// A folder without scans of which the database knows scans.
        case emptiedFolder
        /// Scans that are another patient's now: were moved, may have been, or are in a folder that was not looked at.
        case moved, perhapsMoved, elsewhere
        /// Scans of which there are copies under several patients.
        case scanOfSeveralPatients
        /// Patients who are told by folders of one name in several places.
        case foldersOfOnePatient
        /// Scans whose label names no patient, several, or another than the manifest.
        case labelUnread, labelAmbiguous, labelContradicted
        /// Files of outlines, and scans that have none where others do.
        case outlinesOfNoScan, outlinesOfSeveralScans, scanWithoutOutlines
    }

    public let kind: Kind
    public let count: Int
    /// Lines of the manifest, or the first digits of hashes: the first so many.
    public let places: [String]

    static let placeLimit = 20

    /// - Parameter places: one for each that is counted, unless there are more.
    init?(_ kind: Kind, count: Int? = nil, _ places: [String]) {
        self.kind = kind
        self.count = count ?? places.count
        self.places = Array(places.prefix(Notice.placeLimit))
        if self.count == 0 { return nil }
    }

    /// Of the scans whose labels tell no patient, by what is wrong.
    static func ofLabels(_ problems: [Kind: [String]]) -> [Notice] {
        [Kind.labelUnread, .labelAmbiguous, .labelContradicted].compactMap { Notice($0, problems[$0] ?? []) }
    }

    /// One line.
    public var sentence: String {
        let named = places.joined(separator: ", ") + (count > places.count ? " and \(count - places.count) more" : "")
        return countSentence + (places.isEmpty ? "" : ": \(named)")
    }

    /// One line that names no place, for what is kept when a patient is erased.
    var countSentence: String { "\(count) \(count == 1 ? kind.words.one : kind.words.many)" }

    var json: JSONValue {
        .object([
            "kind": .text(kind.name), "format": .text(kind.format), "count": .integer(count), "places": .texts(places),
            "needs_somebody": .boolean(kind.needsSomebody),
        ])
    }
}

extension Notice.Kind {
    /// Whether the run ends with 1: the wrong patient, or a scan that was missed, may follow.
    var needsSomebody: Bool {
        switch self {
        case .rowMatchedByName, .linkToWalkedFolder, .ignored, .moved: false
        default: true
        }
    }

    fileprivate var format: String? {
        if case .unreadFormat(let format) = self { format } else { nil }
    }

    /// For programs: a contract.
    fileprivate var name: String {
        switch self {
        case .rowOfNoScan: "manifest-row-without-scan"
        case .rowOfSeveralScans: "manifest-row-ambiguous"
        case .scanOfNoRow: "scan-not-in-manifest"
        case .rowOfNoPatient: "manifest-row-without-patient"
        case .rowsOfSeveralPatients: "manifest-rows-of-several-patients"
        case .rowMatchedByName: "manifest-row-matched-by-name"
        case .patientsAlike: "manifest-patients-alike"
        case .patientToldNoMore: "patient-told-no-more"
        case .unfollowedLink: "link-not-followed"
        case .linkToWalkedFolder: "link-to-folder-walked"
        case .unexaminedFile: "file-not-examined"
        case .ignored: "ignored"
        case .unreachable: "unreachable"
        case .unreadFormat: "format-not-read"
        case .nothingFound: "nothing-found"
        case .emptiedFolder: "folder-emptied"
        case .moved: "scan-moved"
        case .outlinesOfNoScan: "outlines-without-scan"
        case .outlinesOfSeveralScans: "outlines-ambiguous"
        case .scanWithoutOutlines: "scan-without-outlines"
        case .labelUnread: "label-without-patient"
        case .labelAmbiguous: "label-of-several-patients"
        case .labelContradicted: "label-contradicts-manifest"
        case .perhapsMoved: "scan-perhaps-moved"
        case .elsewhere: "scan-of-another-patient-elsewhere"
        case .scanOfSeveralPatients: "scan-of-several-patients"
        case .foldersOfOnePatient: "folders-of-one-patient"
        }
    }

    /// What goes on after the number.
    fileprivate var words: (one: String, many: String) {
        switch self {
        case .rowOfNoScan:
            ("row of the manifest names no scan that was found", "rows of the manifest name no scan that was found")
        case .rowOfSeveralScans:
            (
                "row of the manifest may mean several scans, and was not used",
                "rows of the manifest may mean several scans, and were not used"
            )
        case .scanOfNoRow:
            (
                "scan is not in the manifest: its patient is told by pattern or folder",
                "scans are not in the manifest: their patients are told by pattern or folder"
            )
        case .rowOfNoPatient:
            (
                "scan has no patient in the manifest: it is told by pattern or folder",
                "scans have no patient in the manifest: they are told by pattern or folder"
            )
        case .rowsOfSeveralPatients:
            ("row gives a scan another patient too", "rows of the manifest give scans more than one patient")
        case .rowMatchedByName:
            (
                "row of the manifest was matched by the end of its path",
                "rows of the manifest were matched by the ends of their paths"
            )
        case .patientsAlike:
            (
                "patient of the manifest looks like another",
                "patients of the manifest look like others: their ids differ in case, space, dashes or leading zeros alone"
            )
        case .patientToldNoMore:
            (
                "scan's patient was told by a manifest or label before, and is told by pattern or folder now",
                "scans' patients were told by a manifest or labels before, and are told by pattern or folder now"
            )
        case .unfollowedLink:
            (
                "link was not followed: it leads nowhere, or out of the folder (--follow says where links may lead)",
                "links were not followed: they lead nowhere, or out of the folder (--follow says where links may lead)"
            )
        case .linkToWalkedFolder:
            (
                "link leads to a folder that was walked under its own name",
                "links lead to folders that were walked under their own names"
            )
        case .unexaminedFile:
            ("file could not be read, so it may be a scan", "files could not be read, so they may be scans")
        case .ignored: ("path was passed over (--ignore)", "paths were passed over (--ignore)")
        case .unreachable: ("folder or file could not be reached", "folders or files could not be reached")
        case .unreadFormat(let format):
            (
                "file was left out: \(format) is not read: export it as TIFF, or pass it over by --ignore",
                "files were left out: \(format) is not read: export them as TIFF, or pass them over by --ignore"
            )
        case .nothingFound: ("file, and no scan was found", "files, and no scan was found")
        case .emptiedFolder:
            (
                "folder holds no scan now, of which the database knows scans: is it mounted?",
                "folders hold no scan now, of which the database knows scans: are they mounted?"
            )
        case .outlinesOfNoScan:
            ("file of outlines names no scan that was found", "files of outlines name no scan that was found")
        case .outlinesOfSeveralScans:
            (
                "file of outlines may mean several scans, and was not used",
                "files of outlines may mean several scans, and were not used"
            )
        case .scanWithoutOutlines:
            (
                "scan has no file of outlines: it is looked at everywhere",
                "scans have no file of outlines: they are looked at everywhere"
            )
        case .labelUnread:
            (
                "scan has no readable label that names a patient: it is told by pattern or folder",
                "scans have no readable label that names a patient: they are told by pattern or folder"
            )
        case .labelAmbiguous:
            (
                "scan's label names several patients, and was not used",
                "scans' labels name several patients, and were not used"
            )
        case .labelContradicted:
            (
                "scan's label names another patient than the manifest, which was used",
                "scans' labels name other patients than the manifest, which was used"
            )
        case .moved:
            (
                "scan was moved to another patient, and is that one's alone from now on",
                "scans were moved to other patients, and are theirs alone from now on"
            )
        case .perhapsMoved:
            (
                "scan was found under another patient, and where it was is empty (unmounted?): it stays under both",
                "scans were found under other patients, and where they were is empty (unmounted?): they stay under both"
            )
        case .elsewhere:
            (
                "scan is another patient's too, in a folder that this run did not look at",
                "scans are other patients' too, in folders that this run did not look at"
            )
        case .scanOfSeveralPatients:
            (
                "scan was found under more than one patient, and is recorded under each",
                "scans were found under more than one patient, and are recorded under each"
            )
        case .foldersOfOnePatient:
            (
                "patient is told by folders of one name in several places: are they one person's? (--manifest or "
                    + "--patient-pattern says whose a scan is)",
                "patients are told by folders of one name in several places: are they one person's? (--manifest or "
                    + "--patient-pattern says whose a scan is)"
            )
        }
    }
}
