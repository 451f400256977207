import Exports
import FindingStore
import Findings

/// One image of a scan as an analysis saw it.
struct ViewedImage {
    let row: AnalysisRow
    let scan: Scan?
    let number: Int
    /// Of the image in its file, in pixels; nil where nobody knows.
    let zoom: DeepZoom?
    let hasPicture: Bool
    /// Of all findings of the kind `scan`.
    let grades: [Finding]
    /// Which images of the file have findings or heat maps.
    let images: [Int]
    /// Rows of the patients who have the scan.
    let patients: [(name: String, number: Int64)]

    /// - Returns: nil where there is no such analysis.
    init?(_ number: Int, ofAnalysis analysis: Int64, in store: FindingStore) throws {
        let rows = try store.analyses(FindingFilter(analysis: analysis))
        guard let row = rows.first else { return nil }
        self.row = row
        self.number = number
        let scan = try store.scan(ofAnalysis: analysis)
        self.scan = scan
        patients = try rows.map { ($0.patient, try store.number(ofPatient: $0.patient) ?? 0) }
        grades = try store.scanFindings(ofAnalysis: analysis)
        let maps = try store.heatMaps(ofAnalysis: analysis)
        images = Set([0] + grades.map(\.image) + maps.map(\.image)).sorted()
        let size = number == 0 ? scan?.image.map { ($0.width, $0.height) } : nil
        let found = size ?? grades.first { $0.image == number }?.imageSize
        zoom = found.map { DeepZoom(width: $0.0, height: $0.1) }
        hasPicture = try scan.flatMap { try store.thumbnail(of: $0.sha256, image: number) } != nil
    }

    var analysis: Int64 { row.origin.analysisID }
}
