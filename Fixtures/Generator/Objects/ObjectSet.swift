/// A folder of small scans of single objects, in the layout that `scanreport evaluate --objects` and `--labels` read:
///
/// - `scans/PATIENT/SCAN.tif`: the scans;
/// - `labels/SCAN.tif`: 16 bits a pixel, 0 for background and n for the n-th object;
/// - `manifest.csv`: `scan,patient,labels`, paths relative to the folder;
/// - `objects.csv`: `scan,x,y,width,height,class`, the box of each object.
public struct ObjectSet: Sendable {
    struct PlannedScan: Sendable {
        let patient: String
        let name: String
        let scene: any ObjectScene
        let flavour: Flavour
    }

    let scans: [PlannedScan]

    /// - Throws: `FixtureError`.
    public func write(to folder: String) throws(FixtureError) {
        let output = try OutputFolder(folder)
        var manifest = "scan,patient,labels\n"
        var objects = ObjectDrawing.header
        for scan in scans {
            let drawing = scan.scene.draw()
            let (path, labels) = ("scans/\(scan.patient)/\(scan.name).tif", "labels/\(scan.name).tif")
            try PictureFile(flavour: scan.flavour, spacing: nil).write(drawing.picture, to: try output.place(path))
            try LabelFile(width: drawing.picture.width, height: drawing.picture.height, labels: drawing.labels)
                .write(to: try output.place(labels))
            manifest += "\(path),\(scan.patient),\(labels)\n"
            objects += drawing.rows(scan: path)
        }
        try output.write(manifest, to: "manifest.csv")
        try output.write(objects, to: "objects.csv")
    }
}
