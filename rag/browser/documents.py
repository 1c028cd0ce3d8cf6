"""The documents: what is there, what is new, what could not be read; added, described, removed."""

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import streamlit as st

from rag import Assistant, OnrecordError
from rag.browser.reader import open_document
from rag.browser.state import (
    begin_sync,
    count,
    follow_work,
    is_running,
    open_works,
    session_assistant,
    show_size,
)
from rag.documents.readers import READERS
from rag.documents.scan import MAX_BYTES
from rag.export import escape, table_cell
from rag.language.words import fold, show_hidden
from rag.types import Changes, Described, DocumentInfo, Scope

_SHOWN = 20


def show() -> None:
    """The page."""
    assistant = session_assistant()
    st.title("Documents", anchor=False)
    infos = assistant.index.list_documents()
    passages = sum(d.passages for d in infos)
    statements = sum(d.statements for d in infos)
    st.caption(
        f"{count(len(infos), 'document')}, {count(passages, 'passage')}, "
        f"{count(statements, 'statement')} in {escape(str(assistant.folder.path))}"
    )
    follow_work("Sync")
    show_report()
    if infos:
        changes = show_changes(assistant)
        add_files(assistant)
        show_table(assistant, infos, changes)
    else:
        waiting = offer_sync(assistant)
        add_files(assistant)
        if not waiting:
            st.info("No documents yet. Drop some files above.")
    show_failures(assistant)
    show_removed(assistant)


def offer_sync(assistant: Assistant) -> bool:
    """Offers to read a folder of which nothing has been read yet; whether there is anything."""
    if is_running("Sync"):
        st.info("The documents are being read. Questions can be asked when the first are there.")
        return True
    try:
        files = assistant.folder.count()
    except OnrecordError as error:
        st.warning(escape(str(error)))
        return True
    folder = escape(str(assistant.folder.path))
    if files:
        st.markdown("Nothing of the documents folder has been read yet.")
    if files and st.button(f"Read {_the(files)} in {folder} now", type="primary"):
        begin_sync()
        st.rerun()
    return files > 0


def _the(files: int) -> str:
    return "the file" if files == 1 else f"the {count(files, 'file')}"


def show_report() -> None:
    """What the last sync did, until it is read."""
    work = open_works().get("Sync")
    if work is None or not work.ended.is_set():
        return
    if work.failure:
        st.error(escape(work.failure))
        return
    report = work.result
    told = [
        f"{len(found)} {name}"
        for name in ("added", "changed", "removed", "renamed", "failed")
        if (found := getattr(report, name))
    ]
    if report.reread:
        told.append(f"{len(report.reread)} read again (this Onrecord reads them differently)")
    st.caption(f"Last sync: {', '.join(told) if told else 'nothing had changed'}.")
    for failure in report.partly:
        st.warning(escape(f"{failure.id}: {failure.reason}"))


def show_changes(assistant: Assistant) -> Changes:
    """What has changed on the disk since the last sync, offered to be synced."""
    if is_running("Sync"):
        return Changes()
    try:
        changes = assistant.folder.find_changes()
    except OnrecordError as error:
        st.warning(escape(str(error)))
        return Changes()
    with st.container(horizontal=True, vertical_alignment="center"):
        if changes:
            st.info(f"On the disk: {told_of(changes)}.", width="stretch")
            if st.button("Sync now", type="primary"):
                begin_sync()
                st.rerun()
        elif st.button("Sync", help="Read the folder again"):
            begin_sync()
            st.rerun()
    return changes


def told_of(changes: Changes) -> str:
    """ "3 new, 1 changed"."""
    named = (
        (changes.added, "new"),
        (changes.changed, "changed"),
        (changes.renamed, "renamed"),
        (changes.removed, "gone"),
    )
    return ", ".join(f"{len(found)} {name}" for found, name in named if found)


def add_files(assistant: Assistant) -> None:
    """Files dropped here go into the folder and are synced."""
    turn = st.session_state.setdefault("upload", 0)
    with st.expander("Add documents", expanded=not assistant.index.count_documents()):
        replace = st.checkbox(
            "Replace files of the same name", help="Otherwise both are kept, with a number."
        )
        files = st.file_uploader(
            "Drop files here", accept_multiple_files=True, key=f"upload-{turn}",
            type=[s.lstrip(".") for s in READERS], max_upload_size=MAX_BYTES // 1024**2,
        )  # fmt: skip
        if files:
            lines = []
            for file in files:
                name = escape(file.name)
                try:
                    added = assistant.folder.add(file.name, file.getvalue(), replace=replace)
                except OnrecordError as error:
                    lines.append(f":material/warning: {name} {escape(str(error))}")
                    continue
                told = {
                    "added": "added",
                    "replaced": "replaced",
                    "renamed": f"kept as {escape(added.name)}: the name was taken",
                    "same": f"is the same as {escape(added.name)}; not added again",
                }[added.outcome]
                lines.append(f"{name}: {told}")
            st.session_state.uploaded = lines
            st.session_state.upload = turn + 1  # an empty uploader, so that nothing is added twice
            begin_sync()
            st.rerun()
    for line in st.session_state.get("uploaded", ()):
        st.caption(line)


def show_table(assistant: Assistant, infos: Sequence[DocumentInfo], changes: Changes) -> None:
    status = dict.fromkeys(changes.changed, "changed on disk")
    status |= dict.fromkeys([*changes.removed, *(old for old, _ in changes.renamed)], "not on disk")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input("Search titles, outlets and names", width="stretch")
        outlets = sorted({d.source for d in infos if d.source})
        chosen = st.multiselect("Outlets", outlets, placeholder="All", width=240)
        kinds = sorted({d.kind for d in infos})
        of = st.multiselect("Kinds", kinds, placeholder="All", width=160)
    words = fold(wanted).split()
    found = [
        d
        for d in infos
        if all(w in fold(f"{d.title} {d.source or ''} {d.id} {d.date or ''}") for w in words)
        and (not chosen or d.source in chosen)
        and (not of or d.kind in of)
    ]
    if not found:
        st.info("No document is like this.")
        return
    # Rows that were chosen are not chosen any more once others stand in their place.
    state_of = crc32("\n".join(d.id for d in found).encode())
    state = st.dataframe(
        {
            "Title": [table_cell(d.title) for d in found],
            "Outlet": [table_cell(d.source or "") for d in found],
            "Date": [table_cell(d.date or "") for d in found],
            "Kind": [d.kind for d in found],
            "Size": [show_size(d.size) for d in found],
            "Passages": [d.passages for d in found],
            "Statements": [d.statements for d in found],
            "Added": [(d.added or "")[:16].replace("T", " ") for d in found],
            "Status": [status.get(d.id, "ready") for d in found],
        },
        hide_index=True, on_select="rerun", selection_mode="multi-row", key=f"documents-{state_of}",
        column_config={"Title": st.column_config.TextColumn(width="large")},
        alt="Documents; choose rows to read, describe or remove them",
    )  # fmt: skip
    rows = [r for r in state.selection.rows if r < len(found)]
    # The table is a canvas: who cannot point at its rows picks here.
    picked = st.selectbox(
        "Document", [d.id for d in found], index=None, key="document-picked",
        format_func={d.id: show_hidden(d.title) for d in found}.__getitem__,
        placeholder="Choose one here, or rows in the table",
    )  # fmt: skip
    ids = [found[r].id for r in rows] or ([picked] if picked else [])
    with st.container(horizontal=True):
        one = ids[0] if len(ids) == 1 else None
        if st.button("Read", disabled=one is None) and one:
            document = assistant.index.get_document(one)
            if document is not None:
                open_document(document, statements=assistant.statements(document=one))
        if st.button("Describe", disabled=one is None, help="Title, outlet and date") and one:
            describe(assistant, next(d for d in found if d.id == one))
        if st.button("Ask only these", disabled=not ids):
            st.session_state.scope = Scope(documents=tuple(ids))
            for name in ("chat", "scope_lifted"):
                st.session_state.pop(name, None)
            st.switch_page(st.session_state.pages["chat"])
        if st.button("Remove", disabled=not ids, help="They can be put back below"):
            remove(assistant, ids)


@st.dialog("Describe")
def describe(assistant: Assistant, info: DocumentInfo) -> None:
    title = st.text_input("Title", info.title, max_chars=300)
    source = st.text_input("Outlet", info.source or "", max_chars=120)
    date = st.text_input("Date", info.date or "", max_chars=10, help="2023-11-16, 2023-11 or 2023")
    st.caption(
        "Kept in `metadata.jsonl` in the documents folder; what is left empty is read from the "
        "file again."
    )
    if st.button("Keep", type="primary"):
        said = Described(title.strip(), source.strip() or None, date.strip() or None)
        try:
            assistant.folder.describe(info.id, said)
        except OnrecordError as error:
            st.error(escape(str(error)))
            return
        begin_sync()
        st.rerun()


def remove(assistant: Assistant, ids: Sequence[str]) -> None:
    failed = []
    for id_ in ids:
        try:
            assistant.folder.remove(id_)
        except OnrecordError as error:
            failed.append(f":material/warning: {escape(id_)} {escape(str(error))}")
    st.session_state.unremoved = failed
    begin_sync()
    st.rerun()


def show_removed(assistant: Assistant) -> None:
    for line in st.session_state.get("unremoved", ()):
        st.caption(line)
    removed = assistant.folder.list_removed()
    if not removed:
        return
    with st.expander(f"Removed ({len(removed)})"):
        for item in removed[:_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                name, when = escape(Path(item.id).name), item.when[:16].replace("T", " ")
                st.markdown(f"{name} · {when} UTC", width="stretch")
                if st.button("Undo", key=f"undo-{item.key}", help=f"Put {name} back"):
                    try:
                        assistant.folder.restore(item)
                    except OnrecordError as error:
                        st.error(escape(str(error)))
                        continue
                    begin_sync()
                    st.rerun()
        if len(removed) > _SHOWN:
            st.caption(f"and {len(removed) - _SHOWN} more")


def show_failures(assistant: Assistant) -> None:
    """The files that the last sync could not read."""
    failures = assistant.index.list_failures()
    if not failures:
        return
    with st.expander(f"Not readable ({len(failures)})", expanded=True):
        for failure in failures[:_SHOWN]:
            st.markdown(f":material/warning: **{escape(failure.id)}** {escape(failure.reason)}")
        if len(failures) > _SHOWN:
            st.caption(f"and {len(failures) - _SHOWN} more")
