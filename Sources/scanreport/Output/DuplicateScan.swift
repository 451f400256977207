import FindingStore
import Findings
import Imaging
import Listings

/// Two scans that show the same tissue, or one scan that two patients have.
struct DuplicateScan {
    let first: PicturedScan.Owner
    let second: PicturedScan.Owner
    let firstSHA256: ContentHash
    let secondSHA256: ContentHash
    /// Nil for the same file.
    let shared: SharedTissue?

    var isOfTwoPatients: Bool { first.patient != second.patient }
}

extension DuplicateScan: ListingRow {
    /// A contract. New columns go at the end.
    static let columns: [ListingColumn<DuplicateScan>] = [
        ListingColumn("patient_id") { .text($0.first.patient) },
        ListingColumn("scan") { .text($0.first.path) },
        ListingColumn("other_patient_id") { .text($0.second.patient) },
        ListingColumn("other_scan") { .text($0.second.path) },
        ListingColumn("same") { .text($0.shared == nil ? "file" : "tissue") },
        ListingColumn("shared") { .number($0.shared?.share ?? 1) },
        ListingColumn("places") { .integer($0.shared.map { Int64($0.places) }) },
        ListingColumn("turned_degrees") { .number($0.shared?.degrees ?? 0) },
        ListingColumn("mirrored") { .text($0.shared?.isMirrored == true ? "yes" : "no") },
        ListingColumn("scan_sha256", for: .programs) { .text($0.firstSHA256.hexadecimal) },
        ListingColumn("other_scan_sha256", for: .programs) { .text($0.secondSHA256.hexadecimal) },
    ]
}
