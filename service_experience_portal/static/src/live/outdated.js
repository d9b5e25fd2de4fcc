import { OutdatedPageWatcherService } from "@bus/outdated_page_watcher_service";
import { patch } from "@web/core/utils/patch";

patch(OutdatedPageWatcherService.prototype, {
    /** A live page catches up by itself: nobody has to save their work and load it again. */
    showOutdatedPageNotification() {
        if (!document.querySelector(".o_service_live")) {
            super.showOutdatedPageNotification();
        }
    },
});
