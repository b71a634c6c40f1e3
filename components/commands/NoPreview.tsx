// SPDX-License-Identifier: Apache-2.0
import { Button } from "@/components/ui/Button";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

interface NoPreviewProps {
  /** Whether the console said no, or something between here and the node failed. */
  isRefused: boolean;
  message: string;
  /** What asks once more, and its words; null where that cannot help. */
  again: { says: string; onAgain: () => void } | null;
  onClose: () => void;
}

/** There is no preview: it is refused as it stands, or it could not be made. */
export function NoPreview({ isRefused, message, again, onClose }: NoPreviewProps) {
  return (
    <>
      <div className="cmd-body">
        <p role="alert" className="cmd-no">
          <Icon shape={isRefused ? "stop" : "unknown"} />
          <span>
            <b>{isRefused ? "Refused." : "There is no preview."}</b> {unbroken(message)}
          </span>
        </p>
      </div>
      <footer className="cmd-foot">
        <p className="d3">Nothing was written.</p>
        <div className="cmd-acts">
          <Button onClick={onClose}>Close</Button>
          {again && (
            <Button prime onClick={again.onAgain}>
              {again.says}
            </Button>
          )}
        </div>
      </footer>
    </>
  );
}
