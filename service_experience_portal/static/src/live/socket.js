const CHANGED = "service_experience/changed";

/**
 * Hears on one channel that a service has changed. All pages of a browser share one socket, so a
 * page gives up its channel and never the socket; nothing opens one before a page joins.
 */
export class Socket {
    /**
     * @param {Object} bus the service `bus_service`
     * @param {(message: {id: number, version: number}) => void} onMessage
     * @param {() => void} onConnect also when the connection came back
     * @param {() => void} onLost
     */
    constructor(bus, { onMessage, onConnect, onLost }) {
        Object.assign(this, { bus, onMessage, onConnect, onLost });
        this.channel = null;
        this.isOpen = bus.workerState === "CONNECTED";
        this.onState = ({ detail }) => this.note(detail === "CONNECTED");
        // A socket that is closed on purpose, as without a network, says no more than this.
        this.onDisconnect = () => this.note(false);
        bus.addEventListener("BUS:WORKER_STATE_UPDATED", this.onState);
        bus.addEventListener("BUS:DISCONNECT", this.onDisconnect);
        bus.subscribe(CHANGED, onMessage);
    }

    get isLive() {
        return this.isOpen && this.channel !== null;
    }

    /** Listen on this channel instead of the one before. */
    join(channel) {
        const former = this.channel;
        if (channel === former) {
            return;
        }
        this.channel = channel;
        this.bus.addChannel(channel); // a portal page does not start the bus: this does
        if (former) {
            this.bus.deleteChannel(former);
        } else if (this.isOpen) {
            this.onConnect();
        }
    }

    leave() {
        if (this.channel) {
            this.bus.deleteChannel(this.channel);
            this.channel = null;
        }
    }

    close() {
        this.leave();
        this.bus.unsubscribe(CHANGED, this.onMessage);
        this.bus.removeEventListener("BUS:WORKER_STATE_UPDATED", this.onState);
        this.bus.removeEventListener("BUS:DISCONNECT", this.onDisconnect);
    }

    note(isOpen) {
        if (isOpen === this.isOpen) {
            return;
        }
        this.isOpen = isOpen;
        if (!isOpen) {
            this.onLost();
        } else if (this.channel) {
            this.onConnect();
        }
    }
}
