/// The truth as CSV: one row a gland.
enum GlandTable {
    static let header =
        "scan,gland,class,area_px,centroid_x,centroid_y,x,y,width,height,touches_border\n"

    /// - Parameter scan: the scan's path as its manifest gives it.
    static func rows(_ glands: [GlandTruth], scan: String) -> String {
        glands.map { gland in
            let box = gland.boundingBox
            let fields: [String] = [
                scan, "\(gland.number)", gland.glandClass.rawValue, "\(gland.area)", hundredths(gland.centroidX),
                hundredths(gland.centroidY), "\(box.x)", "\(box.y)", "\(box.width)", "\(box.height)",
                gland.touchesBorder ? "1" : "0",
            ]
            return fields.joined(separator: ",") + "\n"
        }.joined()
    }

    /// A number that is not negative, with two decimals.
    private static func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        let fraction = scaled % 100
        return "\(scaled / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
