// The page's modules draw into `document`. Node has none: this one holds nodes and writes XML, which is
// all that Plot asks of it where no pointer has to be followed.
import { DOMImplementation } from "@xmldom/xmldom";

globalThis.document = new DOMImplementation().createDocument("http://www.w3.org/2000/svg", "svg", null);
