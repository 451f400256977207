import Findings
import Imaging

extension ObjectTruth {
    /// Of outlines in GeoJSON: each is an object but those called `Ignore*`. Where a program detected some, as QuPath does,
    /// annotations without a class of `classes` say where it looked, and are none.
    ///
    /// - Parameters:
    ///   - size: of the scan in level-0 pixels.
    ///   - counted: which outlines are meant; where it names classes, of one class alone all are that.
    ///   - classes: what objects may be called. Where there is one, none need have a name.
    ///   - line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(
        outlinesAt path: String, in size: (width: Int, height: Int), counting counted: CountedOutlines,
        of classes: [String], line: Int
    ) throws(EvaluationError) {
        do throws(OutlineError) {
            try self.init(
                OutlineFeature.read(geoJSON: OutlineFile.text(at: path)), in: size, counting: counted, of: classes)
        } catch {
            throw EvaluationError(
                .unusableMask, "the outlines in line \(line) of the manifest cannot be used: \(error)")
        }
    }

    private init(
        _ features: [OutlineFeature], in size: (width: Int, height: Int), counting counted: CountedOutlines,
        of classes: [String]
    ) throws(OutlineError) {
        func label(of feature: OutlineFeature) -> String? { classes.first(where: feature.names.contains) }
        let isDetected = features.contains(where: \.isObject)
        let drawn = features.filter { feature in
            !feature.isLeftOut && counted.count(feature)
                && (!isDetected || feature.isObject || label(of: feature) != nil || !counted.classes.isEmpty)
        }
        // What was asked for by name needs no other name, where there is one class.
        let isNamed = counted.classes.isEmpty || classes.count > 1
        let named = drawn.filter { !$0.names.isEmpty }
        if isNamed, !named.isEmpty || classes.count > 1 {
            guard named.count == drawn.count else {
                throw OutlineError("\(drawn.count - named.count) of \(drawn.count) objects have no class")
            }
            if let strange = named.first(where: { label(of: $0) == nil }) {
                throw OutlineError(
                    "an object is called \((strange.names.first ?? "").printable), and the card's classes are "
                        + "\(classes.joined(separator: ", ")): name those that count by --outline-class")
            }
        }
        let tellsClasses = isNamed && !named.isEmpty
        var filling = OutlineFilling(width: size.width, height: size.height)
        var items: [Item] = []
        for feature in drawn {
            let pixels = try filling.pixels(of: [feature])
            if let item = Item(label: tellsClasses ? label(of: feature) : nil, pixels: pixels) { items.append(item) }
        }
        self.init(items: items, tellsClasses: tellsClasses, size: size)
    }
}
