"""The dashboard: two futures of one small district, side by side in the browser (``gongzhi dashboard``).

State and view are apart, and data run one way::

    page.vue  --event-->  Session  --Inquiry-->  Experiment (a thread)  --progress-->  Session  --views-->  page.vue

`inquiry`
    What is asked, as a frozen value: size, two arms, the policy of the own arm, assumptions, the week of a fork.  Every
    event of the page makes another one.  From it follow scenarios, the command that repeats it, and the address.
`controls`
    Which parameters the two panels show, with ranges and evidence: from the declarations, none by hand.
`experiment`
    Lives the two arms of an inquiry, replicate after replicate, with the seeds of `gongzhi compare`.  What an earlier
    inquiry of the session has lived is not lived again: pasts and arms are kept by what they depend on.
`session`
    What belongs to one open page: its inquiry, its experiment, week, estate and case in view, and messages.  Sessions
    share nothing but the right to compute, which they take week by week, so that none waits for another's whole run.
`effect_series`, `views`
    What an experiment has found so far and what a session shows, as plain data and translated words.
`downloads`
    Table, figure, scenario and command.
`island`, `solara_page`, `server`
    The only modules that know Solara: a widget that passes on named events and nothing else, the page, the server.

A session's thread computes and never draws; the event loop draws and never computes.  An experiment is stopped between
two weeks, and so are those of a page that is closed.  All words are messages of the catalogue (``dashboard.j2``).
"""
