import { useState } from 'preact/hooks';
import { Problem, sentence } from '../api/http';
import type { Postmortem } from '../api/types';
import { drop, keep, kept } from '../lib/drafts';
import { afterConflict, type SECTIONS, sectionText } from '../lib/postmortem';
import { Fault } from './fault';
import { Icon } from './icon';
import { Markdown } from './markdown';
import { Card } from './states';
import { notify } from './toasts';

interface Edit {
  revision: number;
  sections: Record<string, string>;
}

/**
 * One section: read, or edited by a person. What is typed survives a reload, a lost connection and somebody else who
 * was faster; nothing is overwritten without being shown first.
 */
export function PostmortemSection(props: {
  postmortem: Postmortem;
  section: (typeof SECTIONS)[number];
  may: boolean;
  save: (edit: Edit) => Promise<Postmortem>;
  newest: () => Promise<Postmortem | null>;
  onSaved: (saved: Postmortem) => void;
}) {
  const { postmortem: p, section } = props;
  const name = `postmortem.${p.incident}.${section.name}`;
  const stored = sectionText(p, section.name);
  const by = p.sections[section.name]?.editedBy;
  const found = kept(name);
  const [editing, setEditing] = useState(found !== null && found.text !== stored);
  const [returned, setReturned] = useState(editing);
  return (
    <Card
      title={section.title}
      aside={
        <>
          {by && <span class="faint small">{by}’s words</span>}
          {!by && stored && <span class="faint small">drafted by itself</span>}
          {props.may && !editing && (
            <button
              type="button"
              class="button small"
              aria-label={`Edit ${section.title}`}
              onClick={() => setEditing(true)}
            >
              <Icon name="pencil" size={13} /> Edit
            </button>
          )}
        </>
      }
    >
      {props.may && editing ? (
        <Editor
          {...props}
          draft={name}
          stored={stored}
          returned={returned}
          onClose={() => {
            setEditing(false);
            setReturned(false);
          }}
        />
      ) : stored ? (
        <div class="document">
          <Markdown source={stored} />
        </div>
      ) : (
        <p class="faint">{section.hint}</p>
      )}
    </Card>
  );
}

function Editor(props: {
  postmortem: Postmortem;
  section: (typeof SECTIONS)[number];
  save: (edit: Edit) => Promise<Postmortem>;
  newest: () => Promise<Postmortem | null>;
  onSaved: (saved: Postmortem) => void;
  draft: string;
  stored: string;
  returned: boolean;
  onClose: () => void;
}) {
  const { section, draft } = props;
  // What these words began from, however much is read anew meanwhile; unknown text where they come from before.
  const [begun] = useState<{ revision: number; text: string | null }>(() => {
    const before = kept(draft)?.base;
    const { revision } = props.postmortem;
    return before === undefined || before === revision
      ? { revision, text: props.stored }
      : { revision: before, text: null };
  });
  const [text, setText] = useState(() => kept(draft)?.text ?? props.stored);
  const [theirs, setTheirs] = useState<Postmortem | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const changed = text !== begun.text;

  const done = (saved: Postmortem) => {
    drop(draft);
    props.onSaved(saved);
    props.onClose();
    notify('ok', `${section.title} is saved as revision ${saved.revision}.`);
  };

  const store = async (revision: number, from: string | null, attempts = 3): Promise<void> => {
    try {
      done(await props.save({ revision, sections: { [section.name]: text } }));
    } catch (e) {
      if (!(e instanceof Problem && e.status === 409 && e.is('stale-version'))) {
        setFault(`Not saved: ${sentence(e)} Your words are still here.`);
        return;
      }
      const newest = await props.newest().catch(() => null);
      if (!newest) {
        setFault('Somebody else was faster, and the newest revision cannot be read now. Your words are still here.');
        return;
      }
      const what = afterConflict(from, text, sectionText(newest, section.name));
      if (what === 'same') return done(newest);
      if (what === 'again' && attempts > 0) return store(newest.revision, from, attempts - 1);
      setTheirs(newest);
    }
  };

  const save = async (e: Event) => {
    e.preventDefault();
    if (busy || !changed) return;
    setBusy(true);
    setFault('');
    if (theirs) await store(theirs.revision, sectionText(theirs, section.name));
    else await store(begun.revision, begun.text);
    setBusy(false);
  };

  const discard = () => {
    drop(draft);
    if (theirs) props.onSaved(theirs);
    props.onClose();
  };

  return (
    <form class="form" onSubmit={save}>
      {props.returned && !theirs && (
        <p class="inset info" role="status">
          <Icon name="clock" />
          <span>These are your words from before; they were not saved yet.</span>
        </p>
      )}
      {theirs && (
        <div class="inset warn conflict" role="alert">
          <Icon name="people" />
          <div>
            <p>
              <strong>{theirs.author.name} changed this section meanwhile.</strong> Nothing of yours is lost: take over
              below what you want of theirs, then save.
            </p>
            <div class="document quoted">
              <Markdown source={sectionText(theirs, section.name)} />
            </div>
          </div>
        </div>
      )}
      <textarea
        class="field document-field"
        aria-label={section.title}
        autoFocus
        maxLength={50_000}
        rows={Math.min(24, Math.max(6, text.split('\n').length + 2))}
        value={text}
        onInput={(e) => {
          setText(e.currentTarget.value);
          keep(draft, e.currentTarget.value, begun.revision);
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void save(e);
        }}
      />
      <span class="hint">{section.hint} Markdown.</span>
      <Fault text={fault} />
      <div class="actions">
        <button type="button" class="button" onClick={discard}>
          {theirs ? 'Drop mine, keep theirs' : changed ? 'Drop my changes' : 'Close'}
        </button>
        <button type="submit" class="button primary" disabled={busy || !changed}>
          {theirs ? 'Save mine over it' : 'Save'}
        </button>
      </div>
    </form>
  );
}
