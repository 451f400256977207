import Findings
import Listings

/// What a person should know of a run: counted, and named without patient data.
public struct Notice: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case rowOfNoScan, rowOfSeveralScans, scanOfNoRow, rowOfNoPatient, rowsOfSeveralPatients, rowMatchedByName
        /// Patients of the manifest whose ids look alike.
        case patientsAlike
        /// Patients of the manifest whose ids a spreadsheet may have changed.
        case patientsOfSpreadsheet
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
        /// Scans in whose place another lies now.
        case overwritten
        /// Scans of which there are copies under several patients.
        case scanOfSeveralPatients
        /// Patients who are told by folders of one name in several places.
        case foldersOfOnePatient
        /// Scans that lie in a folder that was given itself: beside folders of scans, or several of them alone.
        case scansBesideFolders, scansOfGivenFolder
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
        case .rowMatchedByName, .linkToWalkedFolder, .ignored, .moved, .overwritten, .scansOfGivenFolder: false
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
        case .patientsOfSpreadsheet: "manifest-patients-of-spreadsheet"
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
        case .overwritten: "scan-overwritten"
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
        case .scansBesideFolders: "scans-beside-folders"
        case .scansOfGivenFolder: "scans-of-given-folder"
        }
    }
}
