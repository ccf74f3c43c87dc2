import { Button } from "react-aria-components/Button";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslation } from "react-i18next";

import { SignInForm } from "./SignInForm";

interface Props {
  /** Somebody was signed in, and their session could not be renewed. */
  again: boolean;
  onClose: (signedIn: boolean) => void;
}

/** Loaded when it is needed: most visits begin signed in. */
export default function AccountDialog({ again, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(open) => open || onClose(false)} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t(again ? "account.signIn" : "account.title")}</Heading>
          <p className="quiet">{t(again ? "trouble.ended" : "account.text")}</p>
          <SignInForm onDone={() => onClose(true)} />
          <Button className="button plain" onPress={() => onClose(false)}>
            {t("app.back")}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
