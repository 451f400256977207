import Evaluation
import Findings

/// Reads the objects of a scan from what a line of the manifest names, and holds them against the card.
struct ObjectReader {
    let task: LearningTask
    let outlines: CountedOutlines
    let tables: BoxTables
    let path: (String) -> String

    /// - Parameter size: of the scan in level-0 pixels.
    /// - Returns: nil where the line says nothing of objects.
    func objects(of truth: GroundTruth, in size: (width: Int, height: Int)) throws -> LabelledObjects? {
        guard let row = truth.objects, let truth = try self.truth(row, in: size) else { return nil }
        try truth.require(size: size, line: row.line)
        var classes: [Int] = []
        for item in truth.items {
            classes.append(try classIndex(of: item, row))
        }
        for name in row.unboxed where !task.classes.contains(name) {
            throw LearningError(
                .labels,
                "unboxed in line \(row.line) of the manifest names none of the card's classes: "
                    + task.classes.joined(separator: ", "))
        }
        return LabelledObjects(truth, classes: classes, unboxed: row.unboxed)
    }

    /// By what tells the most of what is learned: outlines have classes, label images do not.
    private func truth(_ row: ObjectManifestRow, in size: (width: Int, height: Int)) throws -> ObjectTruth? {
        func labelled(_ name: String) throws -> ObjectTruth {
            try ObjectTruth(labelsAt: path(name), line: row.line)
        }
        func outlined(_ name: String) throws -> ObjectTruth {
            try ObjectTruth(
                outlinesAt: path(name), in: size, counting: outlines, of: task.objectClasses, line: row.line)
        }
        let needsPixels = task.targets?.needPixels ?? false
        if !needsPixels, let boxes = row.boxes {
            return tables.boxes(of: row.scan, in: boxes)
        }
        let isOneClass = task.objectClasses.count == 1
        if isOneClass, let labels = row.labels { return try labelled(labels) }
        if let outlines = row.outlines { return try outlined(outlines) }
        // Beside boxes it is of regions.
        if isOneClass, row.boxes == nil, let mask = row.mask { return try labelled(mask) }
        guard row.boxes == nil else {
            throw LearningError(
                .labels,
                "line \(row.line) of the manifest tells boxes, and the stage outlines objects: give it outlines, or label images"
            )
        }
        guard isOneClass else {
            throw LearningError(
                .labels,
                "the label image in line \(row.line) of the manifest tells no classes, and the card has "
                    + "\(task.objectClasses.count): give the stage outlines with classes"
                    + (needsPixels ? "" : ", or boxes"))
        }
        return nil
    }

    private func classIndex(of item: ObjectTruth.Item, _ row: ObjectManifestRow) throws(LearningError) -> Int {
        let label = item.label ?? task.objectClasses.first ?? ""
        guard let index = task.classes.firstIndex(of: label), index != task.background else {
            throw LearningError(
                .labels,
                "an object of the scan in line \(row.line) of the manifest is of a class that is none of the card's: "
                    + task.objectClasses.joined(separator: ", "))
        }
        return index
    }
}
