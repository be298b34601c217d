// Everything here makes a page quicker or friendlier; every page works without it.
import { startDialogs } from "./dialogs.js";
import { startFocus } from "./focus.js";
import { startForms } from "./forms.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startOffline } from "./offline.js";
import { startPrinting } from "./print.js";
import { startKeeping } from "./unsent.js";

startDialogs();
startForms();
startFocus();
startKeeping();
startLive();
startMenus();
startOffline();
startPrinting();
