// A dialog behind a button, and the question whether somebody is sure.

import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslation } from "react-i18next";

import { Trouble } from "./parts";

interface AskProps {
  title: string;
  role?: "dialog" | "alertdialog";
  children: (close: () => void) => ReactNode;
}

/** Inside a DialogTrigger, behind its button. */
export function Ask({ title, role = "dialog", children }: AskProps) {
  return (
    <ModalOverlay className="overlay" isDismissable>
      <Modal className="modal">
        <Dialog className="dialog" role={role}>
          {({ close }) => (
            <>
              <Heading slot="title">{title}</Heading>
              {children(close)}
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface SureProps {
  /** What is to be done: on the button, and as the title. */
  action: string;
  /** To which thing, for those who hear the page. */
  of: string;
  question: string;
  work: {
    mutate: (value: undefined, options: { onSuccess: () => void }) => void;
    isPending: boolean;
    error: unknown;
  };
  /** What the answer needs besides. */
  children?: ReactNode;
}

/** A button that asks before it does what can't be taken back. */
export function Sure({ action, of, question, work, children }: SureProps) {
  const { t } = useTranslation();
  return (
    <DialogTrigger>
      <Button className="button small" aria-label={`${action}: ${of}`}>
        {action}
      </Button>
      <Ask title={action} role="alertdialog">
        {(close) => (
          <>
            <p>{question}</p>
            {children}
            <Trouble error={work.error} />
            <div className="actions">
              <Button
                className="button danger"
                isDisabled={work.isPending}
                onPress={() => work.mutate(undefined, { onSuccess: close })}
              >
                {action}
              </Button>
              <Button className="button" onPress={close}>
                {t("library.keep")}
              </Button>
            </div>
          </>
        )}
      </Ask>
    </DialogTrigger>
  );
}
