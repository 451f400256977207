/// What says of a TIFF file that it is a label image that this program wrote, and no scan: its `Software` tag.
public enum LabelImage {
    public static let software = "scanreport label image"
}
