// Everything here makes a page quicker or friendlier; every page works without it.
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startPrinting } from "./print.js";
import { startKeeping } from "./unsent.js";

startDialogs();
startForms();
startKeeping();
startLive();
startMenus();
startPrinting();
