import { Composer } from "@mail/core/common/composer";
import { patch } from "@web/core/utils/patch";
import { CommitmentOffer } from "./commitment_offer";

patch(Composer, { components: { ...Composer.components, CommitmentOffer } });

patch(Composer.prototype, {
    /** Only a new message in the conversation of a record reaches its customer. */
    get offersCommitment() {
        const { composer, type } = this.props;
        return Boolean(
            this.env.inChatter &&
                type === "message" &&
                !composer.message &&
                this.thread?.id &&
                CommitmentOffer.isFor(this.thread.model)
        );
    },
});
