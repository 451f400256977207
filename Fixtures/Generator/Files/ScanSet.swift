import Imaging

/// A folder of small scans, in the layout that training and evaluation read:
///
/// - `PATIENT/SCAN.tif`: the scans;
/// - `masks/PATIENT/SCAN.png`: one bit a pixel, white for gland;
/// - `manifest.csv`: `patient,scan,mask,class,split`, paths relative to the folder;
/// - `glands.csv`: the truth of every gland.
public struct ScanSet: Sendable {
    public let plan: ScanSetPlan

    public init(_ plan: ScanSetPlan) {
        self.plan = plan
    }

    /// - Parameters:
    ///   - labels: a folder that takes a label image a scan, `PATIENT/SCAN.tif`: 16 bits, 0 for background and n for the
    ///     gland with the number n in `glands.csv`. Not within `folder`, where it would count as a scan.
    ///   - progress: is told how many scans are written, and of how many.
    /// - Throws: `FixtureError`.
    public func write(
        to folder: String, labels labelFolder: String? = nil, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FixtureError) {
        let scans = try plan.scans()
        let output = try OutputFolder(folder)
        let labelOutput: OutputFolder? = if let labelFolder { try OutputFolder(labelFolder) } else { nil }
        var manifest = "patient,scan,mask,class,split\n"
        var glands = GlandTable.header
        for (index, scan) in scans.enumerated() {
            let drawing = scan.scene.draw()
            let file = PictureFile(flavour: scan.flavour, spacing: plan.tellsSpacing ? plan.spacing : nil)
            try file.write(drawing.picture, to: try output.place(scan.path))
            if !scan.isBlank {
                try Self.write(drawing.mask, to: try output.place(scan.maskPath))
                let fields = [scan.patient, scan.path, scan.maskPath, scan.scene.glandClass.rawValue, plan.split]
                manifest += fields.joined(separator: ",") + "\n"
                glands += GlandTable.rows(scan.scene.truth(of: drawing), scan: scan.path)
            }
            if let labelOutput {
                try LabelFile(width: drawing.window.width, height: drawing.window.height, labels: drawing.labels)
                    .write(to: try labelOutput.place(scan.path))
            }
            progress(index + 1, scans.count)
        }
        try output.write(manifest, to: "manifest.csv")
        try output.write(glands, to: "glands.csv")
    }

    static func write(_ mask: MaskImage, to path: String) throws(FixtureError) {
        do throws(ImagingError) {
            try mask.writePNG(path: path)
        } catch {
            throw FixtureError(.inputOutput, "cannot write \(path)", underlying: error)
        }
    }
}
